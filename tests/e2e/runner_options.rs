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

#[test]
fn a_reference_belongs_to_its_grid_and_knows_its_failures() {
    let grid = SMALL.replace("seeds: [0]", "seeds: 3").replace("  - model: {name: vae, hidden: 16, latent: 4}\n", "");
    let bench = Bench::with(&grid);
    assert_eq!(bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]).code, i32::from(exit::DONE));
    assert_eq!(bench.genbench(&["regress", "small", "--save"]).code, i32::from(exit::DONE));
    let path = bench.path("results/reference/small.json");
    let saved = read(&path);
    for (from, to, message) in [
        ("\"grid\": \"small\"", "\"grid\": \"other\"", "a reference of the grid other, not of small"),
        ("\"schema\": 1", "\"schema\": 99", "written by a newer genbench (schema 99"),
    ] {
        assert!(saved.contains(from), "{saved}");
        fs::write(&path, saved.replacen(from, to, 1)).expect("written");
        let output = bench.genbench(&["regress", "small"]);
        assert!(![0, 3, 5].contains(&output.code) && output.err.contains(message), "{output:?}");
    }
    // A trial that is not done is a regression, unless it was not done in the reference either.
    let dir = &bench.trials("small")[0];
    let outcome = read(&dir.outcome());
    fs::write(
        dir.outcome(),
        outcome.replacen("\"status\": \"done\"", "\"status\": \"timed_out\",\n  \"limit_s\": 1.0", 1),
    )
    .expect("written");
    fs::write(&path, saved).expect("written");
    let output = bench.genbench(&["regress", "small"]);
    assert_eq!(output.code, i32::from(exit::REGRESSION), "{output:?}");
    assert!(output.out.contains("1 trial is not done, 1 more than in the reference"), "{output:?}");
    let output = bench.genbench(&["regress", "small", "--save"]);
    assert!(output.err.contains("warning: 1 of 3 trials are not done"), "{output:?}");
    let output = bench.genbench(&["regress", "small"]);
    assert_ne!(output.code, i32::from(exit::REGRESSION), "{output:?}");
}
