//! Repeated and concurrent runs of a grid.

use std::process::Command;
use std::{fs, thread};

use protocol::{Trial, atomic, exit};

use super::bench::{Bench, plan, until};
use crate::options::RunOptions;

#[test]
fn finished_trials_are_skipped_and_failures_are_final() {
    let bench = Bench::new();
    let plan = plan(&[("ok", 1), ("diverging", 1), ("ok", 2)]);
    bench.run(&plan);
    let (summary, output) = bench.run(&plan);
    assert_eq!((summary.done.len(), summary.skipped.len(), summary.failed.len()), (0, 2, 1));
    assert_eq!(summary.exit_code(), exit::TRIALS_FAILED);
    assert_eq!(bench.log(), ["diverging 1", "ok 1", "ok 2"]);
    insta::assert_snapshot!(output, @r"
    0 trials to run, 3 of 3 ended
    1 trial failed in an earlier run, not repeated
    1 diverged, 2 done
    ");
}

#[test]
fn retrying_runs_failures_only_and_fresh_runs_all() {
    let bench = Bench::new();
    let plan = plan(&[("ok", 1), ("diverging", 1), ("panicking", 1)]);
    bench.run(&plan);
    for variant in ["diverging", "panicking"] {
        fs::create_dir_all(bench.dir(variant, 1).checkpoint()).unwrap();
    }
    let retry = |words: &[&str]| {
        let retry_failed = words.iter().map(|word| (*word).to_owned()).collect();
        bench.run_with(&plan, &RunOptions { retry_failed, ..bench.options.clone() })
    };
    retry(&crate::outcome_class::RETRIED);
    assert_eq!(bench.log(), ["diverging 1", "ok 1", "panicking 1", "panicking 1", "panicking 1"]);
    assert_eq!(bench.outcome("panicking", 1).unwrap().attempts, 3);
    assert!(bench.dir("panicking", 1).checkpoint().exists(), "it resumes from the checkpoint");
    retry(&["diverged"]);
    assert_eq!(bench.log(), ["diverging 1", "diverging 1", "ok 1", "panicking 1", "panicking 1", "panicking 1"]);
    assert!(!bench.dir("diverging", 1).checkpoint().exists(), "it would diverge again from the checkpoint");
    bench.run_with(&plan, &RunOptions { fresh: true, ..bench.options.clone() });
    assert_eq!(bench.log().len(), 10);
    assert_eq!(bench.outcome("panicking", 1).unwrap().attempts, 2, "earlier attempts are deleted");
    assert!(!bench.dir("panicking", 1).checkpoint().exists());
}

#[test]
fn a_trial_without_outcome_runs_again() {
    let bench = Bench::new();
    let plan = plan(&[("ok", 1)]);
    bench.run(&plan);
    // As if the machine had stopped before the last record was written.
    fs::remove_file(bench.dir("ok", 1).outcome()).unwrap();
    let (summary, _) = bench.run(&plan);
    assert_eq!(summary.done.len(), 1);
    assert_eq!(bench.outcome("ok", 1).unwrap().attempts, 2);
}

#[test]
fn a_changed_list_of_measurements_changes_the_record_not_the_trial() {
    let bench = Bench::new();
    let mut plan = plan(&[("ok", 1)]);
    bench.run(&plan);
    let record = || atomic::read_json::<Trial>(&bench.dir("ok", 1).trial()).unwrap();
    let before = record();
    plan.trials[0].measure = vec![protocol::fixtures::measure("nll", serde_json::json!({}))].into();
    let (summary, _) = bench.run(&plan);
    assert_eq!((summary.unreadable.len(), record()), (1, before), "without its model, the trial would train again");
    protocol::fixtures::keep_model(&bench.dir("ok", 1)).unwrap();
    bench.run(&plan);
    assert_eq!(record(), plan.trials[0]);
    assert_eq!(bench.log().len(), 1);
}

#[test]
fn two_runners_never_run_a_trial_twice() {
    let bench = Bench::new();
    let trials: Vec<_> = (0..12).map(|seed| ("ok", seed)).collect();
    let plan = plan(&trials);
    let (first, second) = thread::scope(|scope| {
        let one = scope.spawn(|| bench.run(&plan).0);
        let two = scope.spawn(|| bench.run(&plan).0);
        (one.join().unwrap(), two.join().unwrap())
    });
    let mut expected: Vec<_> = (0..12).map(|seed| format!("ok {seed}")).collect();
    expected.sort();
    assert_eq!(bench.log(), expected);
    for summary in [first, second] {
        assert_eq!((summary.done.len() + summary.skipped.len(), summary.exit_code()), (12, exit::DONE));
    }
}

#[test]
fn a_run_waits_for_another_process_and_runs_other_trials_meanwhile() {
    let bench = Bench::new();
    let plan = plan(&[("slow", 1), ("ok", 1)]);
    let dir = bench.dir("slow", 1);
    atomic::write_json(&dir.trial(), &plan.trials[0]).unwrap();
    let mut orphan = Command::new(&bench.options.worker[0])
        .args(&bench.options.worker[1..])
        .arg(&dir.0)
        .envs(bench.options.env.iter().cloned())
        .spawn()
        .unwrap();
    until("the orphan", || bench.log() == ["slow 1"]);
    let (summary, output) = thread::scope(|scope| {
        let run = scope.spawn(|| bench.run(&plan));
        until("the other trial", || bench.outcome("ok", 1).is_some());
        bench.go();
        run.join().unwrap()
    });
    orphan.wait().unwrap();
    assert_eq!((summary.done.len(), summary.exit_code()), (2, exit::DONE));
    assert_eq!(bench.log(), ["ok 1", "slow 1"]);
    assert!(output.contains("slow seed 1: running elsewhere; waiting for its end\n"), "{output}");
    assert!(output.contains("slow seed 1: done elsewhere\n"), "{output}");
}
