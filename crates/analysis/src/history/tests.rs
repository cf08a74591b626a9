//! Tests of histories.

mod page;

use insta::assert_snapshot;

use super::*;
use crate::gate::tests::{baseline, nll, values, variant};

/// Entry of commit `index`, with this mean NLL.
fn entry(index: usize, mean: f64) -> HistoryEntry {
    let run = baseline(vec![variant("nade", vec![values(nll(), &[mean, mean + 0.2, mean - 0.2])])]);
    HistoryEntry { made_by: format!("commit {index}"), ended_unix_ms: index as u64, ..HistoryEntry::of(&run) }
}

fn entries() -> Vec<HistoryEntry> {
    let noise = [0.01, -0.02, 0.015, 0.0, -0.01, 0.02];
    (0..12).map(|at| entry(at, 19.0 + noise[at % 6] + if at < 7 { 0.0 } else { 0.57 })).collect()
}

#[test]
fn a_step_names_its_commit() {
    assert_snapshot!(history_text(&entries()), @r"
    small: 12 entries, from commit 0 to commit 11
    nade  nll  19.59 in 12 runs; worse by 0.57 since commit 7 (p = 0.002)
    ");
    // Two values are no proof of a step: of all orders, many have two such values at one end.
    assert_snapshot!(history_text(&entries()[..9]), @r"
    small: 9 entries, from commit 0 to commit 8
    nade  nll  19.59 in 9 runs; unconfirmed: worse by 0.56 since commit 7 (p = 0.055)
    ");
    assert_eq!(history_text(&[]), "no entries\n");
    assert!(history_csv(&entries()).unwrap().lines().nth(8).unwrap().starts_with("7,commit 7,7,nade,"));
    assert_eq!(history_json(&entries())["series"][0]["steps"][0]["entry"], 7);
}

#[test]
fn other_inputs_are_another_series() {
    let mut changed = entry(12, 25.0);
    changed.figures[0].inputs = "other".into();
    let all: Vec<HistoryEntry> = entries().into_iter().chain([changed]).collect();
    let found = series(&all);
    assert_eq!(found.iter().map(|one| (one.values.len(), one.steps.len())).collect::<Vec<_>>(), [(12, 1), (1, 0)]);
}

#[test]
fn the_file_grows_by_one_line_per_run() {
    let folder = tempfile::tempdir().unwrap();
    let file = HistoryFile::of(folder.path(), "small");
    assert_eq!(file.read().unwrap(), []);
    assert!(file.add(&entry(0, 19.0)).unwrap() && file.add(&entry(1, 19.1)).unwrap());
    assert!(!file.add(&entry(1, 19.1)).unwrap(), "the same run");
    assert_eq!(file.read().unwrap(), [entry(0, 19.0), entry(1, 19.1)]);
    std::fs::write(&file.path, "{\"schema\": 1}\n").unwrap();
    let error = file.read().unwrap_err();
    assert!(error.to_string().contains("history.jsonl:1: "), "{error}");
    std::fs::remove_file(&file.path).unwrap();
    std::fs::create_dir(&file.path).unwrap();
    for error in [file.read().unwrap_err(), file.add(&entry(0, 19.0)).unwrap_err()] {
        assert!(error.to_string().contains("history.jsonl: is a folder, not a file"), "{error}");
    }
    let inside = HistoryFile::of(&folder.path().join("file"), "small");
    std::fs::write(folder.path().join("file"), "").unwrap();
    let error = inside.add(&entry(0, 19.0)).unwrap_err();
    assert!(error.to_string().contains("file/reference/small/history.jsonl: "), "{error}");
}
