//! Exports to MLflow and trackio, read by both programs.

use std::collections::BTreeMap;
use std::process::Command;

use protocol::exit;
use serde_json::{Value, json};

use crate::bench::{Bench, SMALL, command_output, outcome, read};

/// Variable with the path of a Python that has `mlflow` and `trackio[tensorboard]`.
const PYTHON: &str = "GENBENCH_TRACKERS";
/// Variable that makes a missing Python a failure.
const REQUIRED: &str = "GENBENCH_REQUIRE_TRACKERS";

#[test]
fn mlflow_and_trackio_read_the_exports() {
    let Some(python) = std::env::var_os(PYTHON) else {
        assert!(std::env::var_os(REQUIRED).is_none(), "{PYTHON} is not set");
        eprintln!("skipped: {PYTHON} is not set");
        return;
    };
    let bench = Bench::with(&format!("{SMALL}  - model: {{name: vae, hidden: 16, latent: 4, lr: 10}}\n"));
    let ran = bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]);
    assert_eq!(ran.code, i32::from(exit::TRIALS_FAILED), "one of three diverges: {ran:?}");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/e2e/trackers.py");
    let mut command = Command::new(python);
    command.args([script, env!("CARGO_BIN_EXE_genbench"), "small"]).current_dir(bench.path(".")).env("NO_COLOR", "1");
    let output = command_output(command.output().expect("Python starts"));
    assert_eq!(output.code, 0, "{output:?}");
    let exports: Value = serde_json::from_str(&output.out).expect("JSON");
    check_mlflow(&bench, &exports["mlflow"]);
    check_trackio(&bench, &exports["trackio"]);
}

fn check_mlflow(bench: &Bench, export: &Value) {
    assert!(export["printed"].as_str().is_some_and(|line| line.starts_with("3 runs in the experiment small: http")));
    assert_eq!((&export["counts"], &export["stage"]), (&json!([3, 3, 3]), &json!("active")), "runs are replaced");
    let runs = export["runs"].as_object().expect("runs");
    for dir in bench.trials("small") {
        let (id, outcome) = (dir.0.file_name().expect("a name").to_string_lossy().into_owned(), outcome(&dir));
        let (run, is_done) = (&runs[&id], outcome.status.word() == "done");
        assert_eq!(run["status"], if is_done { "FINISHED" } else { "FAILED" }, "{run}");
        assert_eq!((&run["tags"]["genbench.seed"], &run["times"][1]), (&json!("0"), &json!(outcome.ended_unix_ms)));
        assert_eq!(
            (&run["tags"]["genbench.status"], &run["tags"]["genbench.data"]),
            (&json!(outcome.status.word()), &json!("digits"))
        );
        assert!(run["name"].as_str().is_some_and(|name| name.ends_with(" seed 0")), "{run}");
        assert!(run["times"][0].as_u64() < run["times"][1].as_u64(), "{run}");
        assert_eq!(
            (&run["params"]["train.batch_size"], &run["params"]["data.binarize"]),
            (&json!("32"), &json!("threshold"))
        );
        let sheets = run["sheets"].as_array().expect("sheets");
        assert_eq!((sheets.contains(&json!("sheets/samples.png")), run["is_png"] == json!(true)), (is_done, is_done));
        let figure = run["metrics"]["measured/parameters"].as_array().map_or(0, Vec::len);
        assert_eq!(figure, usize::from(is_done), "final figures are there once: {run}");
    }
    let compared = compare_curves(bench, |trial, tag| runs[trial]["metrics"][tag].clone());
    assert!(compared >= 6, "two trials have three evaluations each: {compared}");
    let sheets: usize = runs.values().map(|run| run["sheets"].as_array().map_or(0, Vec::len)).sum();
    let (note, count) = (export["without_sheets"][0].as_str().expect("a text"), &export["without_sheets"][1]);
    assert!(note.starts_with(&format!("{sheets} sample sheets left out: ")) && *count == 3, "{note}");
}

fn check_trackio(bench: &Bench, export: &Value) {
    let printed = export["printed"].as_str().expect("a text");
    assert!(printed.starts_with("3 runs in runs; to import them:\npython3 -c "), "{printed}");
    let runs = export["runs"].as_object().expect("runs");
    assert_eq!(runs.len(), 3, "{runs:?}");
    assert!(runs.values().any(|run| run["measured/nll"].as_array().is_some_and(|points| points.len() == 1)));
    // The script reads the validation only, because each value takes a query.
    let compared = compare_curves(bench, |trial, tag| {
        let run = runs.iter().find(|(name, _)| name.ends_with(trial));
        run.map_or(Value::Null, |(_, run)| run[tag].clone())
    });
    assert!(compared >= 4, "a table has one evaluation, the VAE three: {compared}");
}

/// Compares the finite values of `curves.csv` with exported points, `[step, value, ..]` by trial and tag. Returns the
/// number of values; those of tags that are `null` are left out.
fn compare_curves(bench: &Bench, points: impl Fn(&str, &str) -> Value) -> usize {
    let curves = read(&bench.grid("small").file("curves.csv"));
    let mut compared = 0;
    for row in csv::Reader::from_reader(curves.as_bytes()).deserialize::<BTreeMap<String, String>>() {
        let row = row.expect("a row");
        let Some(value) = row["value"].parse::<f64>().ok().filter(|value| value.is_finite()) else { continue };
        let tag = format!("{}/{}", row["split"], row["quantity"]);
        let points = points(&row["trial"], &tag);
        let Some(points) = points.as_array() else { continue };
        let step: u64 = row["step"].parse().expect("a step");
        let read = points.iter().filter(|point| point[0] == step).map(|point| point[1].as_f64().expect("a number"));
        let read: Vec<f64> = read.collect();
        assert!(read.len() == 1 && (read[0] - value).abs() <= 1e-6 * value.abs(), "{tag} at {step}: {read:?}, {value}");
        compared += 1;
    }
    compared
}

#[test]
fn a_missing_server_is_explained() {
    let bench = Bench::with(SMALL);
    let ran = bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]);
    assert_eq!(ran.code, i32::from(exit::DONE), "{ran:?}");
    let export = |uri: &str| {
        let mut command = bench.command(&["export", "small", "--to", "mlflow"]);
        command_output(
            command.env("NO_PROXY", "*").env("MLFLOW_TRACKING_URI", uri).output().expect("the binary starts"),
        )
    };
    for (uri, code, message) in [
        ("", exit::USAGE, "neither --tracking-uri nor MLFLOW_TRACKING_URI names an MLflow server"),
        ("postgresql://ann:secret@db/mlflow", exit::USAGE, "postgresql: the tracking URI is no http or https address"),
        ("http://ann:secret@127.0.0.1:1", exit::USAGE, "set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD"),
        (
            "http://127.0.0.1:1",
            exit::ENVIRONMENT,
            "no answer to GET http://127.0.0.1:1/api/2.0/mlflow/experiments/get-by-name",
        ),
    ] {
        let output = export(uri);
        assert_eq!(output.code, i32::from(code), "{uri}: {output:?}");
        assert!(output.err.contains(message) && output.err.contains("help: "), "{uri}: {output:?}");
        assert!(!output.err.contains("secret"), "{uri}: {output:?}");
    }
}
