//! Ctrl-C, SIGTERM and cancellation.

use std::time::Duration;
use std::{fs, thread};

use protocol::fixtures::trial;
use protocol::{GridDir, exit};

use super::bench::{Bench, plan, text, until};
use crate::executors::{Executor, Local};
use crate::interrupts::Interrupts;
use crate::options::RunOptions;
use crate::summary::RunSummary;

/// Guard that terminates the run if a check fails, so that the test ends.
struct Rescue<'a>(&'a Interrupts);

impl Drop for Rescue<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.terminate();
        }
    }
}

/// Runs two trials, and calls `then` after the first worker has started.
fn run_and(bench: &Bench, variant: &str, then: impl FnOnce(&Interrupts)) -> (RunSummary, String) {
    let plan = plan(&[(variant, 1), ("ok", 1)]);
    let options = RunOptions { jobs: Some(1), interrupts: Interrupts::default(), ..bench.options.clone() };
    thread::scope(|scope| {
        let run = scope.spawn(|| bench.run_with(&plan, &options));
        let _rescue = Rescue(&options.interrupts);
        until("the first worker", || !bench.log().is_empty());
        then(&options.interrupts);
        run.join().unwrap()
    })
}

#[test]
fn the_first_ctrl_c_waits_for_running_trials() {
    let bench = Bench::new();
    let (summary, output) = run_and(&bench, "slow", |interrupts| {
        interrupts.interrupt();
        until("the dispatcher", || !interrupts.interrupted());
        bench.go();
    });
    assert_eq!((summary.done.len(), summary.left.len(), summary.exit_code()), (1, 1, exit::INTERRUPTED));
    assert!(output.contains("no new trials, waiting for 1; Ctrl-C again kills them"), "{output}");
    assert_eq!(bench.log(), ["slow 1"]);
    // The next run does the remaining trials.
    let (summary, _) = run_and(&bench, "slow", |_| {});
    assert_eq!((summary.done.len(), summary.skipped.len(), summary.exit_code()), (1, 1, exit::DONE));
}

#[test]
fn the_second_ctrl_c_kills_running_trials_and_fails_none() {
    for variant in ["slow", "stubborn"] {
        let bench = Bench::new();
        let (summary, output) = run_and(&bench, variant, |interrupts| {
            interrupts.interrupt();
            until("the dispatcher", || !interrupts.interrupted());
            interrupts.interrupt();
        });
        assert_eq!((summary.left.len(), summary.exit_code()), (2, exit::INTERRUPTED));
        assert_eq!(bench.outcome(variant, 1), None);
        assert!(output.contains(&format!("{variant} seed 1: interrupted\n")), "{output}");
        // The worker was killed without a request, so the trace has no event `stopped`.
        assert!(!text(&bench.dir(variant, 1).trace()).contains("stopped"));
    }
}

#[test]
fn workers_save_on_sigterm_and_the_next_run_resumes() {
    let bench = Bench::new();
    let (summary, _) = run_and(&bench, "slow", |interrupts| {
        // The worker sets its trap after its first line.
        until("training", || text(&bench.dir("slow", 1).trace()).contains("scalars"));
        interrupts.terminate();
    });
    assert_eq!(summary.exit_code(), exit::INTERRUPTED);
    let trace = text(&bench.dir("slow", 1).trace());
    assert!(trace.contains("stopped"), "{trace}");
    bench.go();
    let (summary, _) = bench.run(&plan(&[("slow", 1), ("ok", 1)]));
    assert_eq!((summary.done.len(), summary.exit_code()), (2, exit::DONE));
    assert_eq!(bench.outcome("slow", 1).unwrap().attempts, 2);
}

#[test]
fn a_runner_is_cancelled_through_its_file_and_the_next_run_resumes() {
    let bench = Bench::new();
    let grid = GridDir::new(&bench.options.results, "g");
    let ids = [trial("slow", 1).id(), trial("ok", 1).id()];
    assert_eq!(Local.cancel(&grid, &ids).expect("nothing is there"), []);
    // A killed runner has left its file.
    fs::create_dir_all(grid.runners()).unwrap();
    fs::write(grid.runners().join("gone-1"), "").unwrap();
    let (summary, output) = run_and(&bench, "slow", |_| {
        until("training", || text(&bench.dir("slow", 1).trace()).contains("scalars"));
        assert_eq!(Local.cancel(&grid, &ids).expect("a runner is there"), ids);
    });
    assert_eq!((summary.left.len(), summary.exit_code()), (2, exit::INTERRUPTED));
    assert!(output.contains("termination requested: workers save a checkpoint\n"), "{output}");
    assert_eq!(fs::read_dir(grid.runners()).unwrap().count(), 0, "no runner and no file is left");
    assert_eq!(Local.cancel(&grid, &ids).expect("it has gone"), []);
    bench.go();
    let (summary, _) = bench.run(&plan(&[("slow", 1), ("ok", 1)]));
    assert_eq!((summary.done.len(), summary.exit_code()), (2, exit::DONE));
}

#[test]
fn a_worker_that_does_not_end_is_killed_after_a_grace() {
    let mut bench = Bench::new();
    bench.options.grace = Duration::from_millis(50);
    let (summary, output) = run_and(&bench, "stubborn", Interrupts::terminate);
    assert_eq!((summary.left.len(), summary.exit_code()), (2, exit::INTERRUPTED));
    assert!(output.contains("stubborn seed 1: interrupted\n"), "{output}");
}
