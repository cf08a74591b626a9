//! Committed tables of a grid with a pack: they are those that the pack gives.

use std::path::Path;
use std::{env, fs};

use analysis::pack::{UnpackOptions, is_pack, unpack};
use analysis::{Results, tables};
use protocol::Plan;

use crate::figures::files;
use crate::pages::folders;

/// Models without seeds. Plans of earlier versions do not state their closed-form variants.
const CLOSED_FORM: [&str; 4] = ["independent", "markov", "full_table", "chain_table"];

/// Table of published figures, which no pack has.
const OF_PAPERS: &str = "papers.csv";

/// Writes the tables of a pack into `out`.
fn tables_of(pack: &Path, out: &Path) {
    let folder = tempfile::tempdir().unwrap();
    let grid = unpack(pack, folder.path(), &UnpackOptions::default()).unwrap().grid;
    let plan = Plan::read(&grid).unwrap();
    let plan = match plan.closed_form.is_empty() {
        true => plan.with_closed_form(|trial| CLOSED_FORM.contains(&trial.model.name.as_str())),
        false => plan,
    };
    tables(&Results::read(grid, plan).written_to(out.to_owned())).unwrap();
}

/// Returns whether two cells are one text, or one number but for rounding in the last digits.
fn is_same(one: &str, other: &str) -> bool {
    let numbers = one.parse::<f64>().ok().zip(other.parse::<f64>().ok());
    one == other || numbers.is_some_and(|(one, other)| (one - other).abs() <= 1e-9 * one.abs().max(other.abs()))
}

/// Rows and cells of a table, its header included.
fn cells(path: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).unwrap();
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// To write the tables again: `GENBENCH_UPDATE_DOCS=1 cargo test -p genbench-analysis --test reference committed_tables`.
#[test]
fn committed_tables_are_those_of_their_pack() {
    let mut compared = 0;
    for (name, folder) in folders() {
        let all = files(&folder);
        let Some(pack) = all.iter().find(|path| is_pack(path)) else { continue };
        let out = tempfile::tempdir().unwrap();
        tables_of(pack, out.path());
        for committed in all.iter().filter(|path| path.extension().is_some_and(|extension| extension == "csv")) {
            let table = committed.file_name().unwrap();
            if table == OF_PAPERS {
                continue;
            }
            let made = out.path().join(table);
            if env::var_os("GENBENCH_UPDATE_DOCS").is_some() {
                fs::copy(&made, committed).unwrap();
            }
            let (made, committed) = (cells(&made), cells(committed));
            assert_eq!(made.len(), committed.len(), "{name}: rows of {}", table.display());
            for (at, (made, committed)) in made.iter().zip(&committed).enumerate() {
                let differs = made.len() != committed.len() || !made.iter().zip(committed).all(|(a, b)| is_same(a, b));
                assert!(!differs, "{name}/{}, line {}:\n{made:?}\n{committed:?}", table.display(), at + 1);
            }
            compared += 1;
        }
    }
    assert!(compared >= 4, "only {compared} tables have a pack");
}
