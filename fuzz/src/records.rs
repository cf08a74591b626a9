//! Records that trials leave, read into tables.

use std::fs;

use analysis::{Results, summary_text, tables};
use protocol::{GridDir, Plan, Status, atomic, event, fixtures};

/// Makes all tables of two trials, of which the first has the record `name` with the content `bytes`.
fn results(name: &str, bytes: &[u8]) {
    let folder = tempfile::tempdir().expect("a folder");
    let plan = Plan::new("g", vec![fixtures::trial("nade", 0), fixtures::trial("nade", 1)]);
    let grid = GridDir::new(folder.path(), "g");
    for trial in &plan.trials {
        let dir = grid.trial(&trial.id());
        fs::create_dir_all(dir.trial().parent().expect("a folder")).expect("a folder");
        atomic::write_json(&dir.outcome(), &fixtures::outcome(trial.id(), Status::Done)).expect("a record");
    }
    let first = grid.trial(&plan.trials[0].id());
    let path = first.trial().with_file_name(name);
    fs::write(&path, bytes).expect("a record");
    if name == "trace.jsonl" {
        let _ = event::read_trace(&path);
        assert!(event::last_event(bytes).is_none_or(|(_, end)| end <= bytes.len()));
    }
    let results = Results::read(grid, plan);
    let _ = summary_text(results.summary(), results.comparisons(), 80, false);
    let _ = tables(&results);
}

/// `trace.jsonl`.
pub fn trace(bytes: &[u8]) {
    results("trace.jsonl", bytes);
}

/// `outcome.json`.
pub fn outcome(bytes: &[u8]) {
    results("outcome.json", bytes);
}

/// `measurements.json`.
pub fn measurements(bytes: &[u8]) {
    results("measurements.json", bytes);
}
