//! Limits: time, memory, failures.

use std::time::Duration;

use protocol::{Status, exit};

use super::bench::{Bench, plan, text};
use crate::options::RunOptions;
use crate::outcome_class::RETRIED;

fn retry() -> Vec<String> {
    RETRIED.map(str::to_owned).to_vec()
}

#[test]
fn a_trial_over_its_time_saves_a_checkpoint_and_resumes_with_more_time() {
    let bench = Bench::new();
    let plan = plan(&[("slow", 1), ("stubborn", 1), ("ok", 1)]);
    let limit = Some(Duration::from_millis(400));
    let options = RunOptions { timeout: limit, grace: Duration::from_millis(100), ..bench.options.clone() };
    let (summary, output) = bench.run_with(&plan, &options);
    assert_eq!((summary.done.len(), summary.exit_code()), (1, exit::TRIALS_FAILED));
    for variant in ["slow", "stubborn"] {
        assert_eq!(bench.outcome(variant, 1).unwrap().status, Status::TimedOut { limit_s: 0.4 }, "{output}");
    }
    assert!(text(&bench.dir("slow", 1).trace()).contains("stopped"), "it saved a checkpoint on request");
    assert!(output.contains("slow seed 1: over the limit of 0 s, ends after a checkpoint\n"), "{output}");
    bench.go();
    let (summary, _) = bench.run_with(&plan, &RunOptions { retry_failed: retry(), ..options });
    assert_eq!(bench.outcome("slow", 1).unwrap().attempts, 2);
    assert_eq!((summary.done.len(), summary.skipped.len(), summary.failed.len()), (1, 1, 1));
}

#[cfg(target_os = "linux")]
#[test]
fn a_trial_over_its_memory_is_retried_once_alone() {
    let bench = Bench::new();
    let plan = plan(&[("large", 1), ("larger", 1), ("ok", 1), ("ok", 2), ("ok", 3)]);
    let options = RunOptions { memory: Some(12 << 20), ..bench.options.clone() };
    let (summary, output) = bench.run_with(&plan, &options);
    let why = "out_of_memory: held ";
    assert_eq!(output.matches(why).count(), 3, "{output}");
    assert!(output.contains("retry alone, after the other trials\n"), "{output}");
    assert!(output.contains("the limit is 12 MiB;") && output.contains("the limit is 24 MiB\n"), "{output}");
    assert_eq!(summary.exit_code(), exit::TRIALS_FAILED);
    assert_eq!(bench.outcome("large", 1).unwrap().status, Status::Done, "it may use the memory of both slots alone");
    assert_eq!(bench.outcome("larger", 1).unwrap().status.word(), "out_of_memory");
    let order = text(&bench.path("log"));
    let last: Vec<_> = order.lines().rev().take(2).collect();
    assert!(last.iter().all(|line| line.starts_with("large")), "{order}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_trial_with_all_memory_is_not_retried() {
    let bench = Bench::new();
    let options = RunOptions { memory: Some(12 << 20), jobs: Some(1), ..bench.options.clone() };
    let (summary, _) = bench.run_with(&plan(&[("larger", 1)]), &options);
    assert_eq!((summary.failed.len(), bench.log().len()), (1, 1));
}

#[test]
fn the_limit_on_failures_ends_the_run() {
    let bench = Bench::new();
    let plan = plan(&[("diverging", 1), ("ok", 1), ("diverging", 2), ("ok", 2), ("diverging", 3)]);
    let options = RunOptions { max_failures: Some(2), jobs: Some(1), ..bench.options.clone() };
    let (summary, output) = bench.run_with(&plan, &options);
    assert_eq!((summary.done.len(), summary.failed.len(), summary.left.len()), (1, 2, 2));
    assert!(summary.stopped && summary.exit_code() == exit::TRIALS_FAILED);
    assert!(output.contains("no new trials: 2 failed, the limit of this run; waiting for 0\n"), "{output}");
    // Failures of earlier runs do not count.
    let (summary, _) = bench.run_with(&plan, &options);
    assert_eq!((summary.done.len(), summary.failed.len(), summary.left.len()), (1, 3, 0));
}

#[test]
fn a_full_disk_ends_the_run_and_fails_no_trial() {
    let bench = Bench::new();
    let plan = plan(&[("crowded", 1), ("ok", 1)]);
    let options = RunOptions { jobs: Some(1), ..bench.options.clone() };
    let error = crate::run::run_to(&plan, &options, &mut Vec::new()).unwrap_err().to_string();
    assert!(
        error.contains("no space left on the disk; all results are kept: free disk space and run again"),
        "{error}"
    );
    assert_eq!((bench.outcome("crowded", 1), bench.outcome("ok", 1)), (None, None));
    bench.go();
    assert_eq!(bench.run(&plan).0.exit_code(), exit::DONE);
}
