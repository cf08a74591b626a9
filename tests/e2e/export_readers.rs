//! Exported traces, read by TensorBoard and a JUnit parser.

use std::process::Command;

use protocol::exit;
use serde_json::{Value, json};

use crate::bench::{Bench, SMALL, command_output, read};

/// Variable with the path of a Python that has `tensorboard` and `junitparser`.
const PYTHON: &str = "GENBENCH_TRACE_READERS";

#[test]
fn tensorboard_and_a_junit_parser_read_the_exports() {
    let Some(python) = std::env::var_os(PYTHON) else {
        eprintln!("skipped: {PYTHON} is not set");
        return;
    };
    let bench = Bench::with(&format!("{SMALL}  - model: {{name: vae, hidden: 16, latent: 4, lr: 10}}\n"));
    let ran = bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]);
    assert_eq!(ran.code, i32::from(exit::TRIALS_FAILED), "one of three diverges: {ran:?}");
    for to in [["tensorboard", "runs"], ["junit", "junit.xml"]] {
        let written = bench.genbench(&["trace", "small", "--to", to[0], "--out", to[1]]);
        assert_eq!(written.code, i32::from(exit::DONE), "{written:?}");
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/e2e/export_readers.py");
    let arguments = [script, "runs", "junit.xml"];
    let output = command_output(
        Command::new(python).args(arguments).current_dir(bench.path(".")).output().expect("Python starts"),
    );
    assert_eq!(output.code, 0, "{output:?}");
    let exports: Value = serde_json::from_str(&output.out).expect("JSON");

    // Every finite value in `curves.csv` is in the event files, at the same step.
    let curves = read(&bench.grid("small").file("curves.csv"));
    let mut rows = csv::Reader::from_reader(curves.as_bytes());
    let mut compared = 0;
    for row in rows.deserialize::<std::collections::BTreeMap<String, String>>() {
        let row = row.expect("a row");
        let label = row["variant"].replace(['/', ':'], "_");
        let run = format!("{label} seed_{} {}", row["seed"], row["trial"]);
        let step: u64 = row["step"].parse().expect("a step");
        let Some(value) = row["value"].parse::<f64>().ok().filter(|value| value.is_finite()) else { continue };
        let tag = format!("{}/{}", row["split"], row["quantity"]);
        let points = exports["runs"][&run][&tag].as_array().unwrap_or_else(|| panic!("{run}, {tag}: {exports}"));
        let read = points.iter().find(|point| point[0] == step).and_then(|point| point[1].as_f64());
        let read = read.unwrap_or_else(|| panic!("step {step} of {run}, {tag}: {points:?}"));
        assert!((read - value).abs() <= 1e-6 * value.abs(), "{read} instead of {value}");
        compared += 1;
    }
    assert!(compared >= 6, "two trials have three evaluations each: {compared}");

    let runs = exports["settings"].as_object().expect("a run per trial");
    assert_eq!(runs.len(), 3, "{runs:?}");
    for (run, settings) in runs {
        assert!(run.starts_with(settings["group"].as_str().expect("a label")), "{run}: {settings}");
        let names = settings["names"].as_array().expect("names");
        assert!(names.contains(&json!("model")) && names.contains(&json!("train.batch_size")), "{names:?}");
    }
    let sheets: Vec<&Value> = exports["images"].as_object().expect("runs").values().collect();
    let drawn = |sheets: &&&Value| sheets["sheets/samples"].as_array().is_some_and(|sheets| !sheets.is_empty());
    assert_eq!(sheets.iter().filter(drawn).count(), 2, "two trials are done: {sheets:?}");

    let cases = exports["cases"].as_array().expect("cases");
    assert_eq!(cases.len(), 3, "{cases:?}");
    let failed: Vec<&Value> = cases.iter().filter(|case| case[2] == json!(["Failure"])).collect();
    assert!(failed.len() == 1 && failed[0][0].as_str().is_some_and(|variant| variant.contains("lr=")), "{cases:?}");
}
