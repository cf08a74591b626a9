//! Records that cannot be used: they concern their trial alone.

use std::fs;

use protocol::{Measurement, Plan, TrialDir, atomic, exit};
use serde_json::json;

use super::bench::{Bench, plan};
use crate::executors::{State, trial_statuses};
use crate::options::RunOptions;
use crate::{Forecast, Next, explain, watch_state};

/// A grid of three finished trials.
fn finished() -> (Bench, Plan) {
    let (bench, plan) = (Bench::new(), plan(&[("ok", 1), ("ok", 2), ("ok", 3)]));
    assert_eq!(bench.run(&plan).0.done.len(), 3);
    (bench, plan)
}

/// A way to damage a record: name of the file, and the damage.
type Damage = (&'static str, fn(&TrialDir));

/// Every way to damage a record, for the trial `ok 2`.
fn damages() -> Vec<Damage> {
    vec![
        ("outcome.json", |dir| fs::write(dir.outcome(), "").unwrap()),
        ("outcome.json", |dir| {
            let whole = fs::read(dir.outcome()).unwrap();
            fs::write(dir.outcome(), &whole[..whole.len() / 2]).unwrap();
        }),
        ("outcome.json", |dir| {
            fs::remove_file(dir.outcome()).unwrap();
            fs::create_dir(dir.outcome()).unwrap();
        }),
        ("measurements.json", |dir| fs::write(dir.measurements(), "[{").unwrap()),
        ("measurements.json", |dir| fs::create_dir(dir.measurements()).unwrap()),
    ]
}

#[test]
fn every_verb_goes_on_with_the_other_trials() {
    for (file, damage) in damages() {
        let (bench, plan) = finished();
        damage(&bench.dir("ok", 2));
        let grid = bench.grid();
        let statuses = trial_statuses(&grid, &plan, None);
        let states: Vec<_> = statuses.iter().map(|one| one.state.word()).collect();
        assert_eq!(states, ["done", "unreadable", "done"]);
        assert_eq!(statuses[1].state, State::Unreadable);
        assert!(statuses[1].note.contains(file) && statuses[1].note.contains(".bad"), "{}", statuses[1].note);
        let forecast = Forecast::of(&grid, &plan);
        assert_eq!(forecast.next, [Next::Done, Next::Unreadable, Next::Done]);
        assert!(forecast.unreadable[0].message.contains(file));
        let explained = explain(&grid, &plan.trials.iter().collect::<Vec<_>>(), &protocol::Build::default()).unwrap();
        assert!(explained[1].next == "unreadable" && explained[1].why[0].contains(file), "{:?}", explained[1]);
        let watched = watch_state(&grid).unwrap();
        assert_eq!((watched.counts["done"], watched.counts["unreadable"]), (2, 1));
        assert!(watched.finished() && watched.failed[0].contains(file), "{watched}");
    }
}

#[test]
fn a_run_renames_the_record_and_repeats_its_trial_only() {
    for (file, damage) in damages() {
        let (bench, plan) = finished();
        let dir = bench.dir("ok", 2);
        damage(&dir);
        let before = if dir.0.join(file).is_file() { Some(fs::read(dir.0.join(file)).unwrap()) } else { None };
        let (summary, output) = bench.run(&plan);
        assert_eq!(summary.exit_code(), exit::DONE, "{output}");
        assert!(output.contains("ok seed 2: unreadable record") && output.contains(&format!("renamed to {file}.bad")));
        if let Some(before) = before {
            assert_eq!(fs::read(dir.0.join(format!("{file}.bad"))).unwrap(), before, "nothing is lost");
        }
        assert_eq!(summary.done.len() + summary.skipped.len(), 3);
        let starts = bench.log();
        assert!(starts.iter().filter(|line| *line != "ok 2").count() == 2, "{starts:?}");
        assert!(bench.outcome("ok", 2).is_some());
    }
}

#[test]
fn records_that_stay_as_they_are_end_the_run_with_an_environment_error() {
    let (bench, plan) = finished();
    let write = |dir: &TrialDir, value| atomic::write_json(&dir.outcome(), &value).unwrap();
    let newer = |dir: &TrialDir| write(dir, json!({"schema": 99, "status": "paused"}));
    let blocked = |dir: &TrialDir| {
        fs::remove_dir_all(&dir.0).unwrap();
        fs::write(&dir.0, "").unwrap();
    };
    let locked = |dir: &TrialDir| {
        fs::remove_dir_all(&dir.0).unwrap();
        fs::create_dir_all(dir.lock()).unwrap();
    };
    fs::remove_file(bench.dir("ok", 3).outcome()).unwrap();
    for (damage, word) in
        [(&newer as &dyn Fn(&TrialDir), "newer genbench (schema 99"), (&blocked, "not a folder"), (&locked, "lock")]
    {
        let dir = bench.dir("ok", 2);
        let _ = fs::remove_file(&dir.0);
        fs::create_dir_all(&dir.0).unwrap();
        damage(&dir);
        let (summary, output) = bench.run(&plan);
        assert_eq!(summary.exit_code(), exit::ENVIRONMENT, "{output}");
        assert!(summary.unreadable[0].1.message.contains(word), "{:?}", summary.unreadable);
        assert_eq!((summary.counts()["unreadable"], summary.unreadable.len()), (1, 1));
        assert!(bench.outcome("ok", 3).is_some(), "the other trials ran");
        assert!(!dir.0.join("outcome.json.bad").exists());
        assert_eq!(trial_statuses(&bench.grid(), &plan, None)[1].state, State::Unreadable);
        assert_eq!(bench.log().iter().filter(|line| *line == "ok 2").count(), 1, "it is not repeated");
    }
}

#[test]
fn measure_repeats_torn_measurements_but_not_a_trial_without_an_outcome() {
    let (bench, plan) = finished();
    fs::write(bench.dir("ok", 1).outcome(), "").unwrap();
    fs::write(bench.dir("ok", 2).measurements(), "").unwrap();
    let (summary, _) = bench.run_with(&plan, &RunOptions { measure_only: true, ..bench.options.clone() });
    assert_eq!(summary.unreadable.len(), 1, "training is left to `run`");
    assert!(bench.dir("ok", 1).outcome().exists());
    assert!(bench.dir("ok", 2).0.join("measurements.json.bad").exists());
    assert_eq!(summary.exit_code(), exit::ENVIRONMENT);
}

#[test]
fn a_torn_throughput_leaves_its_trial_done() {
    let (bench, plan) = finished();
    let dir = bench.dir("ok", 1);
    fs::write(dir.throughput(), "[").unwrap();
    let record = analysis::store::record(&bench.grid(), &plan.trials[0]);
    assert!(record.is_done() && record.unreadable.is_some());
    assert_eq!(bench.run(&plan).0.skipped.len(), 3);
    assert!(dir.0.join("throughput.json.bad").exists());
    assert!(atomic::read_json_if_exists::<Vec<Measurement>>(&dir.throughput()).unwrap().is_none());
}
