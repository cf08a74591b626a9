//! Optimiser settings of a grid: identity, merging, refusals, and their effect on training.

use protocol::{Trial, exit};
use serde_json::{Value, json};

use crate::bench::{Bench, SMALL, outcome, value};

/// Ids and trials of a plan.
fn planned(grid: &str) -> Vec<(String, Trial)> {
    let output = Bench::with(grid).genbench(&["plan", "grid.yaml", "--message-format", "json"]);
    assert_eq!(output.code, i32::from(exit::DONE), "{output:?}");
    let lines = output.out.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let trials = lines.filter(|line| !line["trial"].is_null());
    let pair = |line: Value| {
        (
            line["id"].as_str().expect("an id").to_owned(),
            serde_json::from_value(line["trial"].clone()).expect("a trial"),
        )
    };
    trials.map(pair).collect()
}

/// The small grid without its closed-form model, with more settings of training.
fn with_training(more: &str) -> String {
    SMALL.replace("  - model: independent\n", "").replace("keep: best}", &format!("keep: best{more}}}"))
}

fn ids(grid: &str) -> Vec<String> {
    planned(grid).into_iter().map(|(id, _)| id).collect()
}

#[test]
fn written_defaults_change_no_identity_and_every_other_value_does() {
    let plain = ids(&with_training(""));
    for same in [", optim: {}", ", optim: {algorithm: adam, beta_2: 0.999, ema: 0}, warmup: 0, milestones: []"] {
        assert_eq!(ids(&with_training(same)), plain, "{same}");
    }
    let mut all = plain;
    for other in [
        ", optim: {algorithm: adamw}",
        ", optim: {weight_decay: 0.1}",
        ", optim: {beta_1: 0.9}",
        ", optim: {clip_norm: 5}",
        ", optim: {ema: 0.9}",
        ", warmup: 5",
        ", schedule: step, milestones: [0.5]",
        ", schedule: step, milestones: [0.5], gamma: 0.5",
    ] {
        all.extend(ids(&with_training(other)));
    }
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), count);
}

#[test]
fn levels_merge_and_axes_vary_a_setting() {
    let grid = format!(
        "{}    train: {{optim: {{ema: 0.9}}}}\n    matrix: {{train.optim.weight_decay: [0, 0.1]}}\n",
        with_training(", optim: {algorithm: adamw, clip_norm: 5}")
    );
    let trials = planned(&grid);
    let found: Vec<_> =
        trials.iter().map(|(_, trial)| (trial.variant.clone(), json!(trial.train.optim.non_defaults()))).collect();
    let own = json!({"algorithm": "adamw", "clip_norm": 5.0, "ema": 0.9});
    let decayed = json!({"algorithm": "adamw", "clip_norm": 5.0, "ema": 0.9, "weight_decay": 0.1});
    assert_eq!(found, [("vae weight_decay=0".to_owned(), own), ("vae weight_decay=0.1".to_owned(), decayed)]);
}

/// Each mistake with its place and its advice.
#[test]
fn settings_that_do_not_fit_are_refused_with_their_place() {
    for (more, line, message, help) in [
        (", optim: {algoritm: sgd}", 6, "`algoritm` is not known here", "did you mean `algorithm`?"),
        (", optim: {algorithm: agd}", 6, "`train.optim.algorithm`", "did you mean `sgd`?"),
        (", optim: {weight_decay: -1}", 6, "`train.optim.weight_decay`: -1 is out of range", "0 to 1"),
        (", optim: {momentum: 0.9}", 6, "the algorithm adam does not use this setting", "sgd or rmsprop"),
        (", optim: {ema: 1}", 6, "`train.optim.ema`: 1 is out of range", "0 to below 1"),
        (", schedule: step", 6, "the schedule `step` has no milestones", "milestones: [0.5, 0.75]"),
        (", gamma: 0.1", 6, "only the schedule `step` uses this setting", "schedule: step"),
        (", warmup: 60", 6, "a warm-up of 60 steps in a training of 60", "fewer steps"),
    ] {
        let output = Bench::with(&with_training(more)).genbench(&["plan", "grid.yaml"]);
        assert_eq!(output.code, i32::from(exit::USAGE), "{more}: {output:?}");
        let place = format!("grid.yaml:{line}:");
        let all = [place.as_str(), message, help].iter().all(|part| output.err.contains(part));
        assert!(all, "{more}\n{}", output.err);
    }
}

#[test]
fn models_that_cannot_take_a_setting_refuse_it() {
    // The closed-form model of the small grid.
    let closed = SMALL.replace("keep: best}", "keep: best, optim: {ema: 0.9}}");
    let output = Bench::with(&closed).genbench(&["plan", "grid.yaml"]);
    assert_eq!(output.code, i32::from(exit::USAGE), "{output:?}");
    let parts = ["grid.yaml:6:", "`train.optim.ema`: the model is fitted in closed form", "for this variant"];
    assert!(parts.iter().all(|part| output.err.contains(part)), "{}", output.err);
    // A model that averages its weights itself takes every other setting.
    let averaged = |average: &str, optim: &str| {
        format!(
            "name: averaged\ndata: captions\ntrain: {{steps: 10, optim: {{{optim}}}}}\nvariants:\n  - model: {{name: \
             text2image, average: {average}}}\n"
        )
    };
    let plan = |grid: &str| Bench::with(grid).genbench(&["plan", "grid.yaml"]);
    let output = plan(&averaged("0.99", "ema: 0.9"));
    assert!(output.err.contains("`model.average` is 0.99"), "{output:?}");
    for (average, optim) in [("0.99", "algorithm: rmsprop"), ("0", "ema: 0.9")] {
        assert_eq!(plan(&averaged(average, optim)).code, i32::from(exit::DONE), "{average} {optim}");
    }
}

#[test]
fn the_optimiser_and_the_average_change_the_figures_and_the_traced_rates_follow_the_schedule() {
    let run = |more: &str| {
        let bench = Bench::with(&with_training(more));
        assert_eq!(bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]).code, i32::from(exit::DONE));
        let trial = bench.trial_of("small", "vae");
        assert_eq!(outcome(&trial).status, protocol::Status::Done);
        let events = protocol::event::read_trace(&trial.trace()).expect("a trace");
        let rates: Vec<f64> = events.iter().filter_map(|event| event.number("learning_rate")).collect();
        let files = std::fs::read_dir(trial.checkpoint().join("kept")).expect("a kept state");
        let mut names: Vec<_> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        (value(&trial, "elbo").expect("an ELBO"), rates, names)
    };
    let (plain, rates, names) = run("");
    assert_eq!((rates.len(), names), (60, vec!["model.bpk".to_owned(), "optimiser.bpk".to_owned()]));
    let (averaged, _, names) = run(", optim: {ema: 0.9}");
    assert_eq!(names, ["ema.bpk", "model.bpk", "optimiser.bpk"]);
    let (other, rates, _) = run(", optim: {algorithm: rmsprop}, warmup: 10, schedule: step, milestones: [0.5]");
    assert!(plain != averaged && plain != other, "{plain} {averaged} {other}");
    let full = rates[20];
    let factors: Vec<f64> = [0, 4, 9, 29, 30, 59].map(|step| rates[step] / full).to_vec();
    let right = [0.1, 0.5, 1.0, 1.0, 0.1, 0.1];
    assert!(factors.iter().zip(right).all(|(found, right)| (found - right).abs() < 1e-12), "{factors:?}");
}

/// `sample` reads the averaged weights of a finished trial, and not the trained ones.
#[test]
fn samples_come_from_the_averaged_weights() {
    let trained = |more: &str| {
        let bench = Bench::with(&with_training(more));
        assert_eq!(bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]).code, i32::from(exit::DONE));
        bench
    };
    let sample = |bench: &Bench| {
        let folder = bench.trial_of("small", "vae").0;
        bench.genbench(&["sample", folder.to_str().expect("a path"), "--means", "--out", "sheet.png"])
    };
    let sheet = |bench: &Bench| {
        let output = sample(bench);
        assert_eq!(output.code, i32::from(exit::DONE), "{output:?}");
        std::fs::read(bench.path("sheet.png")).expect("a picture")
    };
    let (plain, averaged) = (trained(""), trained(", optim: {ema: 0.9}"));
    assert!(sheet(&plain) != sheet(&averaged));
    let kept = averaged.trial_of("small", "vae").checkpoint().join("kept");
    std::fs::remove_file(kept.join("ema.bpk")).expect("a file");
    let output = sample(&averaged);
    assert_ne!(output.code, i32::from(exit::DONE), "the average is a part of the checkpoint");
    assert!(output.err.contains("ema"), "{output:?}");
}
