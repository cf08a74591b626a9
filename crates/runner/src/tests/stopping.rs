//! Ctrl-C and SIGTERM.

use std::fs;
use std::thread;
use std::time::Duration;

use protocol::{GridDir, exit};

use super::bench::{Bench, plan, text, until};
use crate::executors::{Executor, Local};
use crate::interrupts::Interrupts;
use crate::options::RunOptions;
use crate::summary::RunSummary;
use protocol::fixtures::trial;

/// A check that fails must not wait for a run that never ends.
struct Rescue<'a>(&'a Interrupts);

impl Drop for Rescue<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.terminate();
        }
    }
}

/// Runs, and calls `then` once the trace of the first trial has begun.
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
fn ctrl_c_once_waits_for_what_runs() {
    let bench = Bench::new();
    let (summary, said) = run_and(&bench, "slow", |interrupts| {
        interrupts.interrupt();
        until("the dispatcher", || !interrupts.interrupted());
        bench.go();
    });
    assert_eq!((summary.done.len(), summary.left.len(), summary.exit_code()), (1, 1, exit::INTERRUPTED));
    assert!(said.contains("no new trials, waiting for 1; once more kills them"), "{said}");
    assert_eq!(bench.log(), ["slow 1"]);
    // The next run does the rest.
    let (summary, _) = run_and(&bench, "slow", |_| {});
    assert_eq!((summary.done.len(), summary.skipped.len(), summary.exit_code()), (1, 1, exit::DONE));
}

#[test]
fn ctrl_c_twice_kills_what_runs_and_nothing_is_blamed() {
    for variant in ["slow", "stubborn"] {
        let bench = Bench::new();
        let (summary, said) = run_and(&bench, variant, |interrupts| {
            interrupts.interrupt();
            until("the dispatcher", || !interrupts.interrupted());
            interrupts.interrupt();
        });
        assert_eq!((summary.left.len(), summary.exit_code()), (2, exit::INTERRUPTED));
        assert_eq!(bench.outcome(variant, 1), None);
        assert!(said.contains(&format!("{variant} seed 1: interrupted\n")), "{said}");
        // Killed, not told: nothing more is in the trace.
        assert!(!text(&bench.dir(variant, 1).trace()).contains("stopped"));
    }
}

#[test]
fn sigterm_lets_workers_save_and_the_next_run_goes_on() {
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
fn a_runner_is_cancelled_through_its_folder_and_the_next_run_goes_on() {
    let bench = Bench::new();
    let grid = GridDir::new(&bench.options.results, "g");
    let ids = [trial("slow", 1).id(), trial("ok", 1).id()];
    assert_eq!(Local.cancel(&grid, &ids).expect("nothing is there"), []);
    // One that was killed has left its file.
    fs::create_dir_all(grid.runners()).unwrap();
    fs::write(grid.runners().join("gone-1"), "").unwrap();
    let (summary, said) = run_and(&bench, "slow", |_| {
        until("training", || text(&bench.dir("slow", 1).trace()).contains("scalars"));
        assert_eq!(Local.cancel(&grid, &ids).expect("a runner is there"), ids);
    });
    assert_eq!((summary.left.len(), summary.exit_code()), (2, exit::INTERRUPTED));
    assert!(said.contains("told to end: workers save a checkpoint\n"), "{said}");
    assert_eq!(fs::read_dir(grid.runners()).unwrap().count(), 0, "no runner is left, nor the trace of one");
    assert_eq!(Local.cancel(&grid, &ids).expect("it has gone"), []);
    bench.go();
    let (summary, _) = bench.run(&plan(&[("slow", 1), ("ok", 1)]));
    assert_eq!((summary.done.len(), summary.exit_code()), (2, exit::DONE));
}

#[test]
fn a_worker_that_does_not_end_is_killed_after_a_grace() {
    let mut bench = Bench::new();
    bench.options.grace = Duration::from_millis(50);
    let (summary, said) = run_and(&bench, "stubborn", Interrupts::terminate);
    assert_eq!((summary.left.len(), summary.exit_code()), (2, exit::INTERRUPTED));
    assert!(said.contains("stubborn seed 1: interrupted\n"), "{said}");
}
