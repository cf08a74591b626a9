//! Results under ids of the first scheme: a run, `status`, tables and report find them, and no worker starts.

#[path = "../../../tests/e2e/first_scheme/present.rs"]
mod present;

use std::fs;
use std::path::Path;

use analysis::{ReportContext, Results};
use present::{first_plan, kept, present};
use protocol::{Build, GridDir, Plan, Trial, atomic};
use runner::executors::{State, trial_statuses};
use runner::{Forecast, Next, RunOptions, Show};

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copy(&source, &target);
        } else {
            fs::copy(&source, &target).expect("a copy");
        }
    }
}

/// Checks that a plan finds all kept results and trains nothing.
fn finds_all(plan: &Plan, results: &Path) {
    let grid = GridDir::new(results, "first");
    let names = || {
        let mut names: Vec<_> = fs::read_dir(grid.trials()).expect("trials").flatten().map(|e| e.file_name()).collect();
        names.sort();
        names
    };
    let before = names();
    assert_eq!(Forecast::of(&grid, plan).count(Next::Done), 6);
    let statuses = trial_statuses(&grid, plan, None);
    assert!(statuses.iter().all(|one| matches!(one.state, State::Over(_))) && statuses.len() == 6);
    // A worker that fails at once: none may start.
    let options = RunOptions {
        results: results.to_owned(),
        worker: vec!["false".into()],
        show: Show::Quiet,
        ..RunOptions::default()
    };
    let summary = runner::run_to(plan, &options, &mut Vec::new()).expect("a run");
    assert_eq!((summary.skipped.len(), summary.done.len(), summary.failed.len(), summary.exit_code()), (6, 0, 0, 0));
    assert_eq!(names(), before, "no folder is added");
    let trials: Vec<&Trial> = plan.trials.iter().collect();
    let explained = runner::explain(&grid, &trials, &Build::default()).expect("readable");
    assert!(explained.iter().all(|one| one.next == "done"));
    let read = Results::read(grid.clone(), plan.clone());
    analysis::tables(&read).expect("tables");
    analysis::report(&read, &ReportContext::default()).expect("a report");
    let table = fs::read_to_string(grid.file("trials.csv")).expect("a table");
    for id in &before {
        assert!(table.contains(&format!("\n{},", id.display())), "tables name the folder: {table}");
    }
    assert_eq!(table.matches(",done,").count(), 6, "{table}");
}

#[test]
fn results_of_the_first_scheme_are_used_and_no_worker_starts() {
    let folder = tempfile::tempdir().expect("a folder");
    copy(&kept().join("results"), &folder.path().join("first"));
    let first = first_plan();
    finds_all(&first, folder.path());
    let new = Plan { trials: first.trials.iter().map(present).collect(), ..first };
    finds_all(&new, folder.path());
    // Now the records are of the second scheme, and the folders keep their names.
    let grid = GridDir::new(folder.path(), "first");
    let record: Trial = atomic::read_json(&grid.trial(&grid.id(&new.trials[0])).trial()).expect("a record");
    assert_eq!(record, new.trials[0]);
    finds_all(&new, folder.path());
}
