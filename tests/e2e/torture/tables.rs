//! Comparison of two folders of tables in all cells that are not volatile.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::bench::read;

/// Asserts that the tables are equal and returns the number of compared cells.
pub(super) fn assert_equal(undisturbed: &Path, disturbed: &Path) -> usize {
    let schema: Value = serde_json::from_str(&read(&undisturbed.join("tables.schema.json"))).expect("JSON");
    let resources = schema["resources"].as_array().expect("tables");
    let files: Vec<&str> = resources.iter().filter_map(|table| table["path"].as_str()).collect();
    for name in ["measurements.csv", "trials.csv", "summary.csv", "curves.csv", "comparisons.csv"] {
        assert!(files.contains(&name), "{name} is described");
    }
    let mut cells = 0;
    for (table, name) in resources.iter().zip(files) {
        let volatile = volatile(table);
        let (one, other) = (rows(&undisturbed.join(name), &volatile), rows(&disturbed.join(name), &volatile));
        assert_eq!(one.len(), other.len(), "{name} has as many rows");
        for (at, (one, other)) in one.iter().zip(&other).enumerate() {
            assert_eq!(one, other, "{name}, row {at}");
            cells += one.len();
        }
    }
    cells
}

fn volatile(table: &Value) -> BTreeSet<String> {
    let fields = table["schema"]["fields"].as_array().expect("fields");
    let named = fields.iter().filter(|field| field["volatile"] == true);
    named.map(|field| field["name"].as_str().expect("a name").to_owned()).collect()
}

/// Returns the rows of a table without volatile cells.
fn rows(path: &Path, volatile: &BTreeSet<String>) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let heads = reader.headers().expect("a heading").clone();
    reader
        .records()
        .map(|row| {
            let row = row.expect("a row");
            let mut cells: BTreeMap<String, String> =
                heads.iter().zip(&row).map(|(head, cell)| (head.to_owned(), cell.to_owned())).collect();
            cells.retain(|head, _| !volatile.contains(head));
            if cells.get("volatile").is_some_and(|word| word == "true") {
                cells.retain(|head, _| !["value", "se", "mean", "sd"].contains(&head.as_str()));
            }
            cells
        })
        .collect()
}
