//! Tables without what may differ between two runs.

use std::collections::BTreeSet;

use protocol::{GridDir, atomic};
use serde_json::Value;

/// A table's rows without its volatile columns, as its schema names them, and without rows that say so themselves.
pub(crate) fn lasting(grid: &GridDir, table: &str) -> Vec<Vec<String>> {
    let schema: Value = atomic::read_json(&grid.file("tables.schema.json")).expect("a schema");
    let resources = schema["resources"].as_array().expect("tables");
    let resource = resources.iter().find(|resource| resource["path"] == table).expect("the table is described");
    let fields = resource["schema"]["fields"].as_array().expect("fields");
    let volatile: BTreeSet<&str> =
        fields.iter().filter(|field| field["volatile"] == true).filter_map(|field| field["name"].as_str()).collect();
    let mut rows = csv::Reader::from_path(grid.file(table)).expect("the table is there");
    let header = rows.headers().expect("a header").clone();
    let kept: Vec<usize> = (0..header.len()).filter(|at| !volatile.contains(&header[*at])).collect();
    let own_word = header.iter().position(|name| name == "volatile");
    assert!(kept.len() > 3, "{table} has columns that last: {header:?}");
    let all: Vec<csv::StringRecord> = rows.records().map(|row| row.expect("a row")).collect();
    assert!(!all.is_empty(), "{table} has rows");
    let stays = |row: &&csv::StringRecord| own_word.is_none_or(|at| &row[at] != "true");
    all.iter().filter(stays).map(|row| kept.iter().map(|at| row[*at].to_owned()).collect()).collect()
}
