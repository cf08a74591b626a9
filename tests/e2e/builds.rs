//! The build record of each outcome, and trials of other builds.

use protocol::{TrialDir, atomic, exit};
use serde_json::{Value, json};

use crate::bench::{Bench, SMALL, measurements, outcome, read};

/// Replaces the code in the outcome of a trial.
fn set_code(dir: &TrialDir, code: &str) {
    let mut record: Value = atomic::read_json(&dir.outcome()).unwrap();
    record["build"]["code"] = json!(code);
    atomic::write_json(&dir.outcome(), &record).unwrap();
}

#[test]
fn trials_of_another_build_are_reported_and_trained_again_on_request() {
    let bench = Bench::with(SMALL);
    let run = |more: &[&str]| bench.genbench(&[&["run", "grid.yaml", "--no-timing", "--quiet"], more].concat());
    let first = run(&[]);
    assert!(first.code == 0 && !first.err.contains("another build"), "{first:?}");
    let dir = bench.trial_of("small", "vae");
    let build = outcome(&dir).build.expect("every outcome records its build");
    assert_eq!(build.packages.keys().collect::<Vec<_>>(), ["burn", "genbench"]);
    assert_eq!(outcome(&bench.trial_of("small", "independent")).build.as_ref(), Some(&build));
    let trials = read(&bench.grid("small").file("trials.csv"));
    assert!(trials.lines().next().unwrap().contains(",packages,commit,dirty,code,"), "{trials}");
    assert_eq!(trials.matches(&build.code).count(), 2, "{trials}");
    let figures = measurements(&dir);

    set_code(&dir, "0000000000000000");
    let warned = run(&[]);
    assert_eq!(warned.err.matches("warning: 1 finished trial was made by another build").count(), 1, "{warned:?}");
    assert_eq!(outcome(&dir).build.unwrap().code, "0000000000000000", "nothing was trained");
    let table = bench.genbench(&["table", "small"]);
    assert_eq!(table.err.lines().count(), 1, "{table:?}");
    assert!(table.err.contains("by 2 builds with different code"), "{table:?}");
    let explained = bench.genbench(&["explain", "grid.yaml", "vae"]).out;
    let (other, this) = ("made by another build: code 0000000000000000", format!("this is code {}", build.code));
    assert!(explained.contains(other) && explained.contains(&this), "{explained}");
    let plan = bench.genbench(&["plan", "grid.yaml"]).out;
    assert!(plan.contains("2 done") && plan.contains("made by another build: 1"), "{plan}");
    let plan = bench.genbench(&["plan", "grid.yaml", "--rerun-if", "code"]).out;
    assert!(plan.contains("1 done, 1 train"), "{plan}");

    let again = bench.genbench(&["run", "grid.yaml", "--no-timing", "--rerun-if", "code"]);
    assert!(again.err.contains("1 finished trial was made by another build: training again"), "{again:?}");
    assert_eq!((outcome(&dir).build, measurements(&dir)), (Some(build), figures));
    let last = bench.genbench(&["run", "grid.yaml", "--no-timing", "--rerun-if", "code"]);
    assert!(!last.err.contains("training again"), "nothing is left to train again");
    let refused = bench.genbench(&["measure", "grid.yaml", "--rerun-if", "code"]);
    assert_eq!(refused.code, i32::from(exit::USAGE), "{refused:?}");
}
