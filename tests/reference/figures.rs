//! Figures of committed tables and packs, in groups: a row of a page takes its numbers from one group.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use analysis::pack::{UnpackOptions, unpack};
use analysis::{Results, tables};
use protocol::atomic;

use crate::printed::{Printed, Rounded, numbers};

/// Columns with numbers that pages quote, besides means and effects.
const NUMBERS: [&str; 13] = [
    "n_seeds",
    "se_test",
    "value",
    "spearman_mean",
    "spearman_least",
    "images",
    // The calibration of the gate.
    "runs",
    "worse",
    "loss_per_margin",
    "blocks",
    "ratio",
    "low",
    "high",
];

/// Figures of one variant, one score, or one page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Group {
    /// What variants of one kind share: the model.
    pub(crate) family: String,
    /// Values, with the half-width of their interval.
    pairs: Vec<(Rounded, Option<Rounded>)>,
}

impl Group {
    /// Returns whether a printed number is one of the figures.
    pub(crate) fn has(&self, printed: &Printed) -> bool {
        self.pairs.iter().any(|(value, half)| {
            let agrees = printed.value.agrees(*value) || (printed.is_bound && printed.value.negated().agrees(*value));
            agrees
                && match (printed.half, half) {
                    (None, _) => true,
                    (Some(printed), Some(half)) => printed.agrees(*half),
                    (Some(_), None) => false,
                }
        })
    }

    fn single(&mut self, value: Option<f64>) {
        self.pairs.extend(value.map(|value| (Rounded::exact(value), None)));
    }
}

/// The figures beside a page: its tables and its packs.
pub(crate) fn groups(folder: &Path) -> Vec<Group> {
    let (mut named, mut pages) = (BTreeMap::new(), Vec::new());
    for file in files(folder) {
        match file.extension().and_then(|extension| extension.to_str()) {
            Some("csv") => add_table(&mut named, &file),
            Some("md") if !file.ends_with("README.md") => pages.push(of_page(&fs::read_to_string(&file).unwrap())),
            Some("genbench") => pages.extend(of_pack(&file)),
            _ => {}
        }
    }
    // Where there is a table of all figures, a page only repeats it.
    if folder.join("summary.csv").exists() || folder.join("agreement.csv").exists() {
        pages.clear();
    }
    named.into_values().chain(pages).collect()
}

pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).collect();
    files.sort();
    files
}

/// The figures of a pack, by the tables that are made of it.
pub(crate) fn of_pack(file: &Path) -> Vec<Group> {
    let folder = tempfile::tempdir().unwrap();
    let grid = unpack(file, folder.path(), &UnpackOptions::default()).unwrap().grid;
    let plan = atomic::read_json(&grid.plan_json()).unwrap();
    let mut named = BTreeMap::new();
    for path in tables(&Results::read(grid, plan)).unwrap() {
        if path.ends_with("summary.csv") || path.ends_with("facts.csv") {
            add_table(&mut named, &path);
        }
    }
    named.into_values().collect()
}

/// Adds the figures of a CSV table, by its first column: a variant, a score or a section.
fn add_table(groups: &mut BTreeMap<String, Group>, file: &Path) {
    let mut reader = csv::Reader::from_path(file).unwrap();
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    for row in reader.records() {
        let row = row.unwrap();
        let row: BTreeMap<&str, &str> = header.iter().map(String::as_str).zip(row.iter()).collect();
        // The pages quote the scores over all faults.
        if row.get("fault").is_some_and(|fault| *fault != "all") {
            continue;
        }
        let number = |name: &str| row.get(name).and_then(|text| text.parse::<f64>().ok());
        let name = row[header[0].as_str()];
        let group = groups.entry(name.to_owned()).or_default();
        if let Some(family) = row.get("model").or(name.split(" (").next().filter(|family| *family != name).as_ref()) {
            group.family = (*family).to_owned();
        }
        let half = number("ci95_low").zip(number("ci95_high")).map(|(low, high)| Rounded::exact((high - low) / 2.0));
        let value = number("mean").or(number("effect"));
        group.pairs.extend(value.map(|value| (Rounded::exact(value), half)));
        for name in NUMBERS {
            group.single(number(name));
        }
    }
}

/// The figures of the tables of a page, as one group.
fn of_page(text: &str) -> Group {
    // Rows, and the footnotes below them.
    let is_part = |line: &&str| line.starts_with(['|', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹']);
    let cells = text.lines().filter(is_part);
    let unmarked = |line: &str| line.replace(['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'], " ");
    let pairs = cells.flat_map(|line| numbers(&unmarked(line)));
    Group { family: String::new(), pairs: pairs.map(|one| (one.value, one.half)).collect() }
}
