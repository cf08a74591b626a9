//! Options and signals of the runner, and references of the gate.

use std::fs;
use std::process::{Command, Stdio};

use protocol::exit;

use crate::bench::{Bench, SMALL, command_output, read};
use crate::cluster::wait_until;

#[test]
fn options_without_an_effect_are_refused() {
    let bench = Bench::with(SMALL);
    for (arguments, message) in [
        (vec!["run", "grid.yaml", "--jobs", "0"], "expected a whole number, 1 or more"),
        (vec!["run", "grid.yaml", "--follow"], "do not apply to `--executor local`"),
        (vec!["run", "grid.yaml", "--cluster", "time=4h"], "add `--executor slurm`"),
        (vec!["run", "grid.yaml", "--executor", "slurm", "--jobs", "2"], "--cluster throttle=20"),
        (vec!["measure", "grid.yaml", "--cluster-file", "c.yaml"], "--cluster-file"),
        (vec!["explain", "grid.yaml", "--seed", "99"], "no trial of small has seed 99"),
    ] {
        if arguments[0] == "measure" {
            assert_eq!(bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]).code, i32::from(exit::DONE));
        }
        let output = bench.genbench(&arguments);
        assert_eq!(output.code, i32::from(exit::USAGE), "{arguments:?}: {output:?}");
        assert!(output.err.contains(message), "{arguments:?}: {output:?}");
    }
}

#[test]
fn closed_form_models_take_one_pass() {
    let bench = Bench::with(SMALL);
    let plan = bench.genbench(&["plan", "grid.yaml"]).out;
    let line =
        |model: &str| plan.lines().find(|line| line.contains(&format!("  {model}"))).expect("planned").to_owned();
    assert!(line("independent").contains(", one pass  ") && line("vae").contains(", 60 steps  "), "{plan}");
    let csv = bench.genbench(&["plan", "grid.yaml", "--format", "csv"]).out;
    assert!(csv.lines().any(|row| row.contains(",independent,") && row.contains(",flex,,grid.yaml,")), "{csv}");
}

#[test]
fn a_hangup_lets_workers_save_their_state() {
    let grid = SMALL.replace("steps: 60", "steps: 1000000").replace("  - model: independent\n", "");
    let bench = Bench::with(&grid);
    let run = bench.command(&["run", "grid.yaml", "--no-timing"]).stderr(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let run = run.expect("the binary starts");
    wait_until("the trial has a checkpoint", || {
        let trials = fs::read_dir(bench.grid("small").trials()).into_iter().flatten().flatten();
        trials.into_iter().any(|trial| trial.path().join("checkpoint/state.json").exists())
    });
    let hangup = Command::new("kill").args(["-HUP", &run.id().to_string()]).status();
    assert!(hangup.expect("kill runs").success());
    let output = command_output(run.wait_with_output().expect("it ends"));
    assert_eq!(output.code, i32::from(exit::INTERRUPTED), "{output:?}");
    assert!(output.err.contains("workers save a checkpoint"), "{output:?}");
    let dir = bench.trial_of("small", "vae");
    assert!(!dir.outcome().exists() && read(&dir.trace()).contains("\"name\":\"stopped\""));
}
