//! Grids on top of grids, results for other tools, and the audit of scores.

use protocol::exit;
use serde_json::Value;

use crate::bench::{Bench, SMALL, read};

#[test]
fn a_grid_over_another_runs_and_other_tools_read_it() {
    let bench = Bench::with("extends: shared.yaml\nname: over\nseeds: [3]\n");
    std::fs::write(bench.path("shared.yaml"), SMALL).expect("written");
    let said = bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet", "--set", "train.steps=40"]);
    assert_eq!(said.code, i32::from(exit::DONE), "{said:?}");
    let kept = read(&bench.grid("over").grid_yaml());
    assert!(kept.contains("# shared.yaml\nname: small") && kept.contains("# --set train.steps=40"), "{kept}");
    let vae = bench.trial_of("over", "vae");
    let trial: Value = serde_json::from_str(&read(&vae.trial())).expect("JSON");
    assert_eq!((&trial["seed"], &trial["train"]["steps"]), (&3.into(), &40.into()));
    // What is set makes other trials.
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
    let said = bench.genbench(&["trace", "over", "--to", "tensorboard", "--out", "runs"]);
    assert_eq!((said.code, said.out.as_str()), (0, "2 runs in runs\n"), "{said:?}");

    let said = bench.genbench(&["trace", "over", "--trial", "zzz", "--to", "junit"]);
    assert!(said.code == i32::from(exit::USAGE) && said.err.contains("no trial begins with `zzz`"), "{said:?}");
    let said = bench.genbench(&["trace", "over", "--to", "tensorboard"]);
    assert!(said.code == i32::from(exit::USAGE) && said.err.contains("--out"), "{said:?}");
}

#[test]
fn scores_are_audited() {
    let bench = Bench::with(SMALL);
    let said = bench.genbench(&["audit", "--images", "100", "--seeds", "0", "--quiet"]);
    assert_eq!(said.code, i32::from(exit::DONE), "{said:?}");
    let folder = bench.path("results").join("audit");
    let rows = read(&folder.join("agreement.csv"));
    let of = |start: &str| rows.lines().find(|line| line.starts_with(start)).map(str::to_owned);
    // The more of the modes are dropped, the larger the distance: the plainest case of all.
    let dropped = of("fid_proxy (classifier),100,dropped modes,").expect("a row");
    let rho: f64 = dropped.split(',').nth(3).expect("a column").parse().expect("a number");
    assert!(rho > 0.8, "{dropped}");
    assert!(read(&folder.join("audit.md")).contains("| marginals only | 1 |"));
    assert!(read(&folder.join("audit.svg")).starts_with("<svg"));
    let said = bench.genbench(&["audit", "--images", "50"]);
    assert!(said.code == i32::from(exit::USAGE) && said.err.contains("100 to 2000"), "{said:?}");
    let said = bench.genbench(&["audit", "--seeds", "1,1"]);
    assert!(said.code == i32::from(exit::USAGE) && said.err.contains("twice"), "{said:?}");
}
