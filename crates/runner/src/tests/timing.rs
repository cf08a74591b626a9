//! The timing pass.

use protocol::{Direction, Kind, MeasureSpec, Measurement, Unit, atomic, exit};
use serde_json::json;

use super::bench::{Bench, plan, text};
use crate::interrupts::Interrupts;
use crate::options::RunOptions;
use crate::run::time_to;

fn options(bench: &Bench) -> RunOptions {
    RunOptions { time: true, ..bench.options.clone() }
}

fn figures(bench: &Bench, variant: &str, seed: u64) -> Option<Vec<Measurement>> {
    atomic::read_json(&bench.dir(variant, seed).throughput()).ok()
}

#[test]
fn one_trial_per_variant_is_timed_in_turn_and_only_once() {
    let bench = Bench::new();
    let plan = plan(&[("ok", 1), ("ok", 2), ("threads", 1), ("diverging", 1)]);
    let (summary, output) = bench.run_with(&plan, &options(&bench));
    let timing = summary.timing.clone().unwrap();
    assert_eq!(timing.timed, [plan.trials[0].id(), plan.trials[2].id()]);
    assert_eq!(summary.exit_code(), exit::TRIALS_FAILED);
    assert!(output.contains("timing 2 variants in turn\ntimed 2 variants, 0 failed\n"), "{output}");
    let value = |figure: &Measurement| {
        // Equal windows have no spread, up to rounding.
        let spread = figure.se.map(|se| (se * 1e9).round());
        (figure.name.clone(), figure.value, spread, figure.n, figure.reason.is_some() && figure.value.is_none())
    };
    let of: Vec<_> = figures(&bench, "ok", 1).unwrap().iter().map(value).collect();
    let timed = |name: &str, value: f64| (name.to_owned(), Some(value), Some(0.0), Some(3), false);
    assert_eq!(of[0], timed("train_images_per_s", 160.0));
    assert_eq!(of[1], timed("train_steps_per_s", 40.0));
    assert_eq!(of[2], ("evaluate_images_per_s".to_owned(), None, None, None, true));
    assert_eq!(of[3], timed("sample_images_per_s", 160.0));
    assert_eq!(of[4], timed("train_steps_per_gemm", 0.4));
    assert_eq!(figures(&bench, "ok", 2), None, "one seed per variant is timed");
    // 1 heading, 2 variants, 3 rounds of gemm, train and sample.
    let rows = text(&bench.grid().file("timing.csv"));
    assert_eq!(rows.lines().count(), 1 + 2 * 3 * 3);
    assert!(rows.starts_with("variant,trial,round,window,units,images,seconds\n"), "{rows}");
    let before = bench.log();
    let again = time_to(&plan, &bench.options, &mut Vec::new()).unwrap();
    assert!(again.timed.is_empty());
    assert_eq!(bench.log(), before);
}

#[test]
fn a_precise_figure_takes_no_more_windows() {
    let bench = Bench::new();
    let rounds = |settings: serde_json::Value| {
        let mut plan = plan(&[("ok", 1)]);
        plan.trials[0].measure = vec![MeasureSpec::new("throughput", 1, settings)].into();
        bench.run_with(&plan, &RunOptions { fresh: true, ..options(&bench) });
        let rows = text(&bench.grid().file("timing.csv"));
        rows.lines().filter(|line| line.contains(",train,")).count()
    };
    // All windows of this worker are equal.
    assert_eq!(rounds(json!({"windows": 7, "seconds": 0.01, "precision": 0.02})), 3);
    assert_eq!(rounds(json!({"windows": 7, "seconds": 0.01, "precision": 0})), 7);
    assert_eq!(rounds(json!({"windows": 2, "seconds": 0.01, "precision": 0.02})), 2);
    // Trials of earlier versions have no such setting.
    assert_eq!(rounds(json!({"windows": 5, "seconds": 0.01})), 5);
}

#[test]
fn the_windows_of_variants_alternate() {
    let bench = Bench::new();
    let plan = plan(&[("ok", 1), ("threads", 1)]);
    bench.run(&plan);
    // Figures of the worker are no timings.
    let nll = Measurement::new("nll", Kind::Exact, Unit::Nats, Direction::Lower, 1.0);
    atomic::write_json(&bench.dir("ok", 1).measurements(), &vec![nll]).unwrap();
    std::fs::remove_file(bench.path("log")).unwrap();
    time_to(&plan, &bench.options, &mut Vec::new()).unwrap();
    let order: Vec<_> =
        text(&bench.path("log")).lines().filter(|line| line.ends_with("train")).map(|line| line.to_owned()).collect();
    let (ok, threads) = ("ok train", "threads train");
    assert_eq!(order, [threads, ok, ok, threads, threads, ok], "the order rotates");
}

#[test]
fn a_failed_timing_worker_gives_its_reason_and_is_retried() {
    let bench = Bench::new();
    let plan = plan(&[("broken", 1), ("babbling", 1), ("ok", 1)]);
    for trial in &plan.trials {
        // The trials are done, whatever their workers would do.
        let dir = bench.grid().trial(&trial.id());
        bench.run(&super::bench::plan(&[("ok", 9)]));
        let mut outcome = bench.outcome("ok", 9).unwrap();
        outcome.trial = trial.id();
        atomic::write_json(&dir.outcome(), &outcome).unwrap();
        atomic::write_json(&dir.trial(), trial).unwrap();
    }
    for _ in 0..2 {
        let summary = time_to(&plan, &bench.options, &mut Vec::new()).unwrap();
        let failed: Vec<_> = summary.failed.iter().map(|(_, why)| why.as_str()).collect();
        assert_eq!(failed.len(), 2, "{failed:?}");
        assert_eq!(failed[0], "the timing worker ended: exit status: 12");
        assert!(failed[1].starts_with("invalid reply of the timing worker `hello`: "), "{failed:?}");
    }
    let broken = figures(&bench, "broken", 1).unwrap();
    let (cost, rates) = broken.split_last().unwrap();
    assert!(rates.iter().all(|figure| figure.value.is_none()) && cost.name == "timing" && cost.value.is_some());
    assert_eq!(broken[0].reason.as_deref(), Some("the timing worker ended: exit status: 12"));
    assert!(figures(&bench, "ok", 1).unwrap()[0].value.is_some());
}

#[test]
fn a_stopped_pass_writes_nothing_and_is_interrupted() {
    let bench = Bench::new();
    let plan = plan(&[("ok", 1)]);
    bench.run(&plan);
    let interrupts = Interrupts::default();
    interrupts.interrupt();
    let summary = time_to(&plan, &RunOptions { interrupts, ..bench.options.clone() }, &mut Vec::new()).unwrap();
    assert!(summary.stopped && summary.timed.is_empty());
    assert_eq!(figures(&bench, "ok", 1), None);
}

#[test]
fn each_machine_has_its_own_figures() {
    let bench = Bench::new();
    let plan = plan(&[("ok", 1), ("ok", 2)]);
    bench.run_with(&plan, &options(&bench));
    let elsewhere = protocol::Machine { cpu: "another processor".into(), adapter: String::new(), host: "far".into() };
    let path = bench.dir("ok", 1).throughput();
    let moved: Vec<_> =
        figures(&bench, "ok", 1).unwrap().into_iter().map(|figure| figure.on_machine(elsewhere.clone())).collect();
    atomic::write_json(&path, &moved).unwrap();
    let here = |timed: &[Measurement]| {
        timed.iter().filter(|figure| figure.machine.as_deref() != Some(&elsewhere)).cloned().collect::<Vec<_>>()
    };
    // Timed on another machine only: timed here as well, and the other figures stay.
    assert_eq!(time_to(&plan, &bench.options, &mut Vec::new()).unwrap().timed, [plan.trials[0].id()]);
    let both = figures(&bench, "ok", 1).unwrap();
    assert_eq!((both[..moved.len()].to_vec(), here(&both).len()), (moved.clone(), moved.len()));
    assert!(time_to(&plan, &bench.options, &mut Vec::new()).unwrap().timed.is_empty(), "once per machine");
    // Another seed that was timed here stands for its variant.
    atomic::write_json(&bench.dir("ok", 2).throughput(), &here(&both)).unwrap();
    atomic::write_json(&path, &moved).unwrap();
    assert!(time_to(&plan, &bench.options, &mut Vec::new()).unwrap().timed.is_empty());
    let again = time_to(&plan, &RunOptions { fresh: true, ..bench.options.clone() }, &mut Vec::new()).unwrap();
    assert_eq!(again.timed, [plan.trials[0].id()]);
    assert_eq!(
        figures(&bench, "ok", 1).unwrap().len(),
        2 * moved.len(),
        "`fresh` replaces the figures of this machine"
    );
}

#[test]
fn each_adapter_of_one_processor_has_its_own_figures() {
    let bench = Bench::new();
    let on = |device: &str| {
        let mut plan = plan(&[("ok", 1)]);
        plan.trials[0].device = device.into();
        plan
    };
    let with = |adapters: &[(&str, &str)]| {
        let adapters = adapters.iter().map(|(device, name)| ((*device).to_owned(), (*name).to_owned())).collect();
        RunOptions { adapters, ..bench.options.clone() }
    };
    let timed = |device: &str, adapters: &[(&str, &str)]| {
        time_to(&on(device), &with(adapters), &mut Vec::new()).unwrap().timed.len()
    };
    bench.run(&on("wgpu:0"));
    // `Bench` names trials by their identity, which has the class of the device.
    let path = bench.grid().trial(&on("wgpu:0").trials[0].id()).throughput();
    let cards = || {
        let figures: Vec<Measurement> = atomic::read_json(&path).unwrap();
        let cards: std::collections::BTreeSet<_> =
            figures.into_iter().map(|figure| figure.machine.unwrap().adapter).collect();
        cards.into_iter().collect::<Vec<_>>()
    };
    let two = [("wgpu:0", "card A"), ("wgpu:1", "card B")];
    assert_eq!([timed("wgpu:0", &two), timed("wgpu:0", &two)], [1, 0]);
    assert_eq!(cards(), ["card A"]);
    assert_eq!([timed("wgpu:1", &two), timed("wgpu:1", &two)], [1, 0], "a second card of the same processor");
    assert_eq!(cards(), ["card A", "card B"]);
    assert_eq!(timed("wgpu:0", &[("wgpu:0", "card C")]), 1, "another card under the same number");
    assert_eq!(cards(), ["card A", "card B", "card C"]);
    assert_eq!(timed("wgpu:7", &two), 0, "an unknown adapter counts as timed");
}
