//! Tables without their volatile columns and rows.

use std::collections::BTreeSet;

use protocol::{GridDir, atomic};
use serde_json::Value;

/// Returns the rows of a table without volatile columns, which its schema marks, and without rows marked volatile.
pub(crate) fn without_volatile(grid: &GridDir, table: &str) -> Vec<Vec<String>> {
    let schema: Value = atomic::read_json(&grid.file("tables.schema.json")).expect("a schema");
    let resources = schema["resources"].as_array().expect("tables");
    let resource = resources.iter().find(|resource| resource["path"] == table).expect("the table is described");
    let fields = resource["schema"]["fields"].as_array().expect("fields");
    let volatile: BTreeSet<&str> =
        fields.iter().filter(|field| field["volatile"] == true).filter_map(|field| field["name"].as_str()).collect();
    let mut rows = csv::Reader::from_path(grid.file(table)).expect("the table is there");
    let header = rows.headers().expect("a header").clone();
    let kept: Vec<usize> = (0..header.len()).filter(|at| !volatile.contains(&header[*at])).collect();
    let marked = header.iter().position(|name| name == "volatile");
    assert!(kept.len() > 3, "{table} has too few columns that are not volatile: {header:?}");
    let all: Vec<csv::StringRecord> = rows.records().map(|row| row.expect("a row")).collect();
    assert!(!all.is_empty(), "{table} has rows");
    let lasting = |row: &&csv::StringRecord| marked.is_none_or(|at| &row[at] != "true");
    all.iter().filter(lasting).map(|row| kept.iter().map(|at| row[*at].to_owned()).collect()).collect()
}
