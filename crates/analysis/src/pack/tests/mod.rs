//! Laws of packs: what comes out is what went in, and a file that is no pack leaves nothing behind.

mod hostile;
mod replaced;
mod round_trip;

use std::fs;
use std::path::Path;

use npyz::WriterBuilder;
use protocol::{GridDir, atomic};
use serde_json::Value;

use super::{Pack, PackOptions, UnpackOptions, Unpacked, pack, unpack};
use crate::tables::fixture::Fixture;
use crate::{ReportContext, Results, report, tables};

/// The fixture with terms of test images, for figures of two variants.
fn fixture() -> Fixture {
    let fixture = Fixture::new();
    fixture.spend(0);
    for (index, trial) in fixture.plan.trials.iter().enumerate() {
        let (mean, n) = match (trial.variant.as_str(), trial.seed) {
            ("independent", _) => (26.25, 8),
            ("nade", seed) => (19.5 + seed as f64 * 0.1, 8),
            _ => continue,
        };
        let terms: Vec<f64> = (0..n).map(|at| mean + f64::from(at % 2 * 2 - 1) * (1.0 + index as f64)).collect();
        let path = fixture.grid.trial(&trial.id()).per_image("nll", &Value::Null);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let options = npyz::WriteOptions::new().default_dtype().shape(&[terms.len() as u64]);
        let mut writer = options.writer(fs::File::create(&path).unwrap()).begin_nd().unwrap();
        writer.extend(terms).unwrap();
        writer.finish().unwrap();
    }
    fixture
}

fn packed(grid: &GridDir, options: &PackOptions) -> Pack {
    pack(grid, options).unwrap()
}

/// Writes a pack to a file and unpacks it into `results`.
fn unpacked(bytes: &[u8], results: &Path) -> Result<Unpacked, String> {
    unpacked_with(bytes, results, &UnpackOptions::default())
}

fn unpacked_with(bytes: &[u8], results: &Path, options: &UnpackOptions) -> Result<Unpacked, String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.genbench");
    fs::write(&file, bytes).unwrap();
    unpack(&file, results, options).map_err(|error| error.to_string())
}

/// Results in a folder, read with the plan that is in it.
fn results(grid: &GridDir) -> Results {
    Results::read(grid.clone(), atomic::read_json(&grid.plan_json()).unwrap())
}

/// Writes the plan beside the records of the fixture, as a run does.
fn planned() -> Fixture {
    let fixture = fixture();
    atomic::write_json(&fixture.grid.plan_json(), &fixture.plan).unwrap();
    fixture
}

/// Every table and the report of a folder: names and contents.
fn derived(grid: &GridDir) -> Vec<(String, String)> {
    let results = results(grid);
    let written = report(&results, &ReportContext::default()).unwrap();
    let mut files = tables(&results).unwrap();
    files.extend([written.html, written.markdown]);
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    files.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

/// Names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().flatten();
    let mut names: Vec<_> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
