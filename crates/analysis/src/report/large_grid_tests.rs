//! The page of a large grid: 20 variants of three settings, 8 seeds, every pair compared.

use std::fs;
use std::path::Path;

use protocol::{Compare, Direction, GridDir, Kind, Measurement, Pairs, Plan, Status, Trial, TrialDir, Unit, atomic};
use rand::{Rng as _, RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::json;

use super::context::ReportContext;
use super::write::report;
use crate::results::Results;
use crate::tables::fixture::{outcome, trial};

/// Largest size of the page, in bytes.
const LARGEST: usize = 1_500_000;
/// Figures of every trial.
const FIGURES: [&str; 6] = ["nll", "bits_per_dim", "fid_proxy", "recall", "linear_probe", "coverage"];

/// Writes the results of a grid of 20 variants and 8 seeds.
pub(super) fn large_grid(folder: &Path) -> Results {
    let grid = GridDir::new(folder, "small");
    let mut trials = Vec::new();
    for (model, lr, hidden) in (0..20).map(|at| (["nade", "gan"][at % 2], [0.001, 0.01][at / 2 % 2], 16 << (at / 4))) {
        trials.extend((0..8).map(|seed| {
            let mut trial = trial(&format!("{model} hidden={hidden} lr={lr}"), seed);
            let spec = (*trial.model).clone();
            trial.model = protocol::ModelSpec { config: json!({"hidden": hidden, "lr": lr}), ..spec }.into();
            trial
        }));
    }
    for trial in &trials {
        write(&grid.trial(&trial.id()), trial);
    }
    let compare = Compare { pairs: Pairs::All, ..Compare::default() };
    let about = "A grid of 20 variants and 8 seeds, for the size of the page.".into();
    Results::read(grid, Plan { about, compare, ..Plan::new("small", trials) })
}

fn write(dir: &TrialDir, trial: &Trial) {
    let variant = trial.variant.bytes().fold(trial.model.config["hidden"].as_u64().unwrap(), |a, b| a + u64::from(b));
    let mut draws = ChaCha8Rng::seed_from_u64(1000 * variant + trial.seed);
    let is_lost = trial.seed == 7 && trial.variant.starts_with("gan") && trial.model.config["lr"] == 0.01;
    let status = if is_lost { Status::Diverged { step: 60, what: "loss_d".into() } } else { Status::Done };
    let times = 1.0 + variant as f64 / 100.0;
    atomic::write_json(&dir.outcome(), &protocol::Outcome { train_s: times, ..outcome(trial, status) }).unwrap();
    let mut figure = |at: usize, name: &str| {
        let (kind, direction) = (Kind::Exact, if at < 3 { Direction::Lower } else { Direction::Higher });
        let value = 10.0 + (variant % 97) as f64 / 20.0 + draws.random::<f64>();
        Measurement {
            measure: name.into(),
            ..Measurement::new(name, kind, Unit::Nats, direction, value).with_se(0.1).with_n(1000)
        }
    };
    let figures: Vec<Measurement> = FIGURES.iter().enumerate().map(|(at, name)| figure(at, name)).collect();
    if is_lost {
        let lines: Vec<String> = (0..40).map(|line| format!("step {line}: loss_d is larger than before")).collect();
        atomic::write(&dir.stderr(), lines.join("\n").as_bytes()).unwrap();
    } else {
        atomic::write_json(&dir.measurements(), &figures).unwrap();
        atomic::write(&dir.samples().join("samples.png"), &sheet(&mut draws)).unwrap();
    }
    let start = 1_700_000_000_000 + 1000 * (trial.seed * 20 + variant % 20);
    let mut text = String::new();
    for step in (20..=4000_u64).step_by(20) {
        let loss = 10.0 + 40.0 / (step as f64).sqrt() + draws.random::<f64>();
        let event = |name: &str, fields: serde_json::Value| {
            let line = json!({
                "v": 1, "unix_ms": start + step, "at_s": step as f64 / 1e3, "attempt": 1, "kind": "event",
                "level": "INFO", "name": name, "fields": fields,
            });
            format!("{line}\n")
        };
        text += &event("scalars", json!({"step": step, "loss": loss}));
        text += &event("validation", json!({"step": step, "quantity": "nll", "value": loss + 1.0, "unit": "nats"}));
    }
    atomic::write(&dir.trace(), text.as_bytes()).unwrap();
}

/// A sheet of 10x10 images of 28x28 pixels that compresses as badly as a picture can.
fn sheet(draws: &mut ChaCha8Rng) -> Vec<u8> {
    let side = 10 * 29 + 1;
    let mut pixels = vec![0; side * side];
    draws.fill_bytes(&mut pixels);
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side as u32, side as u32);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&pixels).unwrap();
    writer.finish().unwrap();
    bytes
}

/// With `GENBENCH_KEEP_PAGE=FOLDER` the test leaves the page in that folder as `large.html`.
#[test]
fn the_page_of_a_large_grid_is_small_enough() {
    let folder = tempfile::tempdir().unwrap();
    let results = large_grid(folder.path());
    let written = report(&results, &ReportContext::default()).unwrap();
    let page = fs::read(written.html).unwrap();
    if let Some(folder) = std::env::var_os("GENBENCH_KEEP_PAGE") {
        atomic::write(&Path::new(&folder).join("large.html"), &page).unwrap();
    }
    assert!(page.len() <= LARGEST, "{} bytes", page.len());
    let text = String::from_utf8(page).unwrap();
    assert_eq!(text.matches("class=\"plot parallel\"").count(), 1, "three settings have parallel coordinates");
}
