//! `extends` and `--set`, exports to other tools, and the metric audit.

use protocol::exit;
use serde_json::Value;

use crate::bench::{Bench, SMALL, read};

#[test]
fn a_grid_that_extends_another_runs_and_is_exported() {
    let bench = Bench::with("extends: shared.yaml\nname: over\nseeds: [3]\n");
    std::fs::write(bench.path("shared.yaml"), SMALL).expect("written");
    let output = bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet", "--set", "train.steps=40"]);
    assert_eq!(output.code, i32::from(exit::DONE), "{output:?}");
    let kept = read(&bench.grid("over").grid_yaml());
    assert!(kept.contains("# shared.yaml\nname: small") && kept.contains("# --set train.steps=40"), "{kept}");
    let vae = bench.trial_of("over", "vae");
    let trial: Value = serde_json::from_str(&read(&vae.trial())).expect("JSON");
    assert_eq!((&trial["seed"], &trial["train"]["steps"]), (&3.into(), &40.into()));
    // `--set` changes the ids of the trials.
    let plan = bench.genbench(&["plan", "grid.yaml"]).out;
    assert!(plan.contains("2 trials: 2 train"), "{plan}");
    let plan = bench.genbench(&["plan", "grid.yaml", "--set", "train.steps=40"]).out;
    assert!(plan.contains("2 trials: 2 done"), "{plan}");

    let chrome = bench.genbench(&["trace", "over", "--to", "chrome"]);
    let document: Value = serde_json::from_str(&chrome.out).expect("JSON");
    let events = document["traceEvents"].as_array().expect("events");
    assert!(
        events.iter().any(|event| event["name"] == "train" && event["ph"] == "X" && event["dur"].as_f64() > Some(0.0))
    );
    let id = vae.0.file_name().and_then(|name| name.to_str()).expect("a plain name");
    let one = bench.genbench(&["trace", "over", "--trial", &id[..6], "--to", "junit"]).out;
    assert!(one.contains("tests=\"1\"") && one.contains("<property name=\"elbo\""), "{one}");
    let output = bench.genbench(&["trace", "over", "--to", "tensorboard", "--out", "runs"]);
    assert_eq!((output.code, output.out.as_str()), (0, "2 runs in runs\n"), "{output:?}");

    let output = bench.genbench(&["trace", "over", "--trial", "zzz", "--to", "junit"]);
    assert!(output.code == i32::from(exit::USAGE) && output.err.contains("no id starts with `zzz`"), "{output:?}");
    let output = bench.genbench(&["trace", "over", "--to", "tensorboard"]);
    assert!(output.code == i32::from(exit::USAGE) && output.err.contains("--out"), "{output:?}");
}

#[test]
fn audit_ranks_samplers_by_each_score() {
    let bench = Bench::with(SMALL);
    let output = bench.genbench(&["audit", "--images", "100", "--seeds", "0", "--quiet"]);
    assert_eq!(output.code, i32::from(exit::DONE), "{output:?}");
    let folder = bench.path("results").join("audit");
    let rows = read(&folder.join("agreement.csv"));
    let of = |start: &str| rows.lines().find(|line| line.starts_with(start)).map(str::to_owned);
    // FID-proxy must grow with the share of dropped modes.
    let dropped = of("fid_proxy (classifier),100,dropped modes,").expect("a row");
    let rho: f64 = dropped.split(',').nth(3).expect("a column").parse().expect("a number");
    assert!(rho > 0.8, "{dropped}");
    assert!(read(&folder.join("audit.md")).contains("| marginals only | 1 |"));
    assert!(read(&folder.join("audit.svg")).starts_with("<svg"));
    let output = bench.genbench(&["audit", "--images", "50"]);
    assert!(output.code == i32::from(exit::USAGE) && output.err.contains("100 to 2000"), "{output:?}");
    let output = bench.genbench(&["audit", "--seeds", "1,1"]);
    assert!(output.code == i32::from(exit::USAGE) && output.err.contains("twice"), "{output:?}");
}
