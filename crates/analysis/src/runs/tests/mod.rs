//! Comparison of two runs that differ in one thing.

mod laws;

use std::sync::Arc;

use protocol::{Plan, Status, Trial};

use super::{NamedResults, PairVerdict, RunPair, RunsComparison};
use crate::results::Results;
use crate::store::Record;
use crate::tables::fixture::Fixture;

/// A run of the fixture, after a change of its trials and records.
fn run(name: &str, fixture: &Fixture, change: impl Fn(&mut Record)) -> NamedResults {
    let mut records = fixture.records();
    records.iter_mut().for_each(&change);
    let trials = records.iter().map(|record| record.trial.clone()).collect();
    let plan = Plan { trials, ..fixture.plan.clone() };
    NamedResults { name: name.to_owned(), results: Results::of(fixture.grid.clone(), plan, records) }
}

fn compared(change: impl Fn(&mut Record)) -> RunsComparison {
    let fixture = Fixture::new();
    RunsComparison::of(&[run("small", &fixture, |_| ()), run("other.genbench", &fixture, change)])
}

fn is(record: &Record, variant: &str) -> bool {
    record.trial.variant == variant
}

fn set_trial(record: &mut Record, change: impl FnOnce(&mut Trial)) {
    change(&mut record.trial);
    record.id = record.trial.id();
}

/// Adds `shift` to every value of a figure, and a little that differs between seeds.
fn shift(record: &mut Record, name: &str, shift: f64) {
    let seed = record.trial.seed as f64;
    for figure in record.measurements.iter_mut().filter(|figure| figure.name == name) {
        figure.value = figure.value.map(|value| value + shift + 0.002 * seed);
    }
}

fn verdict(pair: &RunPair, variant: &str, figure: &str) -> (PairVerdict, String) {
    let found = pair.figures.iter().find(|one| one.variant == variant && one.figure == figure);
    let found = found.unwrap_or_else(|| panic!("no {figure} of {variant}: {pair:#?}"));
    (found.verdict, found.reason.clone())
}

/// Settings, a figure, a failure and the machine differ.
pub(crate) fn much_changed() -> RunsComparison {
    compared(|record| {
        if let Some(outcome) = &mut record.outcome {
            outcome.host.cpu = "B Processor".into();
            outcome.device.as_mut().expect("a device").adapter = "B Processor".into();
            outcome.build.as_mut().expect("a build").commit = Some("def5678".into());
        }
        if is(record, "nade") {
            set_trial(record, |trial| trial.train.steps = 200);
            shift(record, "nll", -3.0);
        }
        if is(record, "independent") {
            shift(record, "fid_proxy", 2.0);
        }
        if is(record, "vae") && record.trial.seed == 1 {
            let status = Status::Diverged { step: 7, what: "loss".into() };
            record.outcome.as_mut().expect("an outcome").status = status;
            record.measurements.clear();
        }
        if is(record, "gan") {
            record.measurements.iter_mut().filter(|one| one.name == "fid_proxy").for_each(|one| one.version = 2);
        }
        if is(record, "nade hidden=500") {
            set_trial(record, |trial| {
                trial.variant = "made".into();
                Arc::make_mut(&mut trial.model).name = "made".into();
            });
        }
    })
}

#[test]
fn a_run_and_itself_are_identical() {
    let comparison = compared(|_| ());
    let pair = &comparison.pairs[0];
    assert_eq!(pair.count(PairVerdict::Identical), pair.figures.len());
    assert!(!pair.figures.is_empty() && pair.inputs.is_empty() && pair.new.is_empty() && pair.gone.is_empty());
    assert!(pair.seeds.iter().all(super::SeedPair::is_equal) && pair.costs_note.is_none());
    assert!(pair.costs.iter().all(|cost| cost.ratio == Some(1.0)));
    insta::assert_snapshot!(comparison.text(100, false));
}

#[test]
fn differences_are_listed_in_text() {
    insta::assert_snapshot!(much_changed().text(100, false));
}

#[test]
fn a_narrow_terminal_gets_a_line_per_cell() {
    insta::assert_snapshot!(much_changed().text(48, false));
}

#[test]
fn a_table_that_is_too_wide_gets_two_lines_per_row() {
    insta::assert_snapshot!(much_changed().text(72, false));
}

#[test]
fn differences_are_listed_in_markdown() {
    insta::assert_snapshot!(much_changed().markdown());
}

#[test]
fn a_setting_that_differs_is_an_input_and_its_figures_are_judged() {
    let comparison = compared(|record| {
        if is(record, "nade") {
            set_trial(record, |trial| trial.train.steps = 200);
            shift(record, "nll", 3.0);
        }
    });
    let pair = &comparison.pairs[0];
    let inputs: Vec<_> = pair.inputs.iter().map(|one| (one.change.as_str(), one.variants.clone())).collect();
    assert_eq!(inputs, [("train.steps: 100 -> 200", Some(vec!["nade".to_owned()]))]);
    assert_eq!(verdict(pair, "nade", "nll").0, PairVerdict::Worse);
    assert_eq!(pair.count(PairVerdict::Worse), 1);
    let nll = pair.figures.iter().find(|one| one.verdict == PairVerdict::Worse).expect("one is worse");
    let [low, high] = nll.interval.expect("an interval");
    assert!(nll.difference.is_some_and(|difference| low < difference && difference < high && low > 0.0), "{nll:?}");
}

/// A better lower bound has a positive difference, although its loss is negative.
#[test]
fn a_difference_is_the_other_run_minus_the_first_in_both_directions() {
    let comparison = compared(|record| {
        if is(record, "vae") {
            shift(record, "elbo", 3.0);
            shift(record, "fid_proxy", -2.0);
        }
    });
    let of = |figure: &str| comparison.pairs[0].figures.iter().find(|one| one.variant == "vae" && one.figure == figure);
    let (elbo, fid) = (of("elbo").expect("a bound"), of("fid_proxy").expect("a score"));
    assert_eq!((elbo.verdict, fid.verdict), (PairVerdict::Better, PairVerdict::Better));
    assert!(elbo.difference.is_some_and(|difference| (difference - 3.002).abs() < 1e-9), "{elbo:?}");
    assert!(elbo.interval.is_some_and(|[low, high]| low < 3.002 && 3.002 < high), "{elbo:?}");
    assert!(fid.difference.is_some_and(|difference| difference < 0.0), "{fid:?}");
}

#[test]
fn figures_of_other_identity_are_not_compared_and_state_why() {
    let with = |change: &dyn Fn(&mut protocol::Measurement)| {
        let comparison = compared(|record| {
            if is(record, "vae") {
                record.measurements.iter_mut().filter(|one| one.name == "iwae_50").for_each(change);
            }
        });
        let pair = &comparison.pairs[0];
        assert_eq!(pair.count(PairVerdict::NotCompared), 1, "{pair:#?}");
        let found = pair.figures.iter().find(|one| one.verdict == PairVerdict::NotCompared).expect("one");
        assert!(found.first.is_some() && found.other.is_some() && found.difference.is_none(), "{found:?}");
        found.reason.clone()
    };
    assert_eq!(with(&|figure| figure.version = 3), "other figure: version: 1 -> 3");
    assert_eq!(with(&|figure| figure.settings = serde_json::json!({"k": 500})), "other figure: k: 50 -> 500");
    assert_eq!(with(&|figure| figure.n = Some(1000)), "other figure: images: 360 -> 1000");
    let support = with(&|figure| figure.support = Some(protocol::Support::Levels(17)));
    assert_eq!(support, "other figure: support: binary -> 17_levels");
}

#[test]
fn other_data_are_not_compared() {
    let settings = compared(|record| {
        if is(record, "nade") {
            set_trial(record, |trial| Arc::make_mut(&mut trial.data).version = 2);
        }
    });
    let found = verdict(&settings.pairs[0], "nade", "nll");
    assert_eq!(found, (PairVerdict::NotCompared, "inputs changed: data version: 1 -> 2".to_owned()));
    let content = compared(|record| {
        if is(record, "nade")
            && let Some(data) = record.outcome.as_mut().and_then(|outcome| outcome.data.as_mut())
        {
            data.sha256 = "e2".repeat(32);
        }
    });
    let (found, reason) = verdict(&content.pairs[0], "nade", "nll");
    assert_eq!(
        (found, reason.as_str()),
        (PairVerdict::NotCompared, "other data: data content: d1d1d1d1d1d1 -> e2e2e2e2e2e2")
    );
    assert_eq!(content.pairs[0].inputs[0].change, "data content: d1d1d1d1d1d1 -> e2e2e2e2e2e2");
    assert_eq!(verdict(&content.pairs[0], "vae", "elbo").0, PairVerdict::Identical);
}

#[test]
fn a_failed_trial_is_listed_and_the_other_seeds_are_compared() {
    let comparison = compared(|record| {
        if is(record, "nade") && record.trial.seed == 2 {
            let status = Status::Diverged { step: 7, what: "loss".into() };
            record.outcome.as_mut().expect("an outcome").status = status;
            record.measurements.clear();
        }
    });
    let pair = &comparison.pairs[0];
    let changed: Vec<_> = pair.seeds.iter().filter(|seed| !seed.is_equal()).collect();
    assert_eq!(changed.len(), 1);
    assert!(changed[0].words().starts_with("done -> diverged: "), "{changed:?}");
    assert_eq!((changed[0].variant.as_str(), changed[0].seed), ("nade", 2));
    let nll = pair.figures.iter().find(|one| one.variant == "nade" && one.figure == "nll").expect("nll");
    // Over the seeds that are done in both.
    assert_eq!((nll.first.as_ref().map(|one| one.seeds), nll.other.as_ref().map(|one| one.seeds)), (Some(2), Some(2)));
    assert_eq!(nll.verdict, PairVerdict::Identical, "{nll:?}");
}

#[test]
fn more_seeds_of_one_run_hide_no_equal_bits() {
    let fixture = Fixture::new();
    let all = run("all", &fixture, |_| ());
    let mut some = run("some", &fixture, |_| ());
    let keep = |seed: u64| seed != 2;
    let plan = some.results.plan().clone();
    let trials = plan.trials.iter().filter(|trial| keep(trial.seed)).cloned().collect();
    some.results = Results::of(fixture.grid.clone(), Plan { trials, ..plan }, fixture.records());
    for (first, other, change) in [(&all, &some, "seeds: 0, 1, 2 -> 0, 1"), (&some, &all, "seeds: 0, 1 -> 0, 1, 2")] {
        let named = |run: &NamedResults| NamedResults {
            name: run.name.clone(),
            results: Results::of(fixture.grid.clone(), run.results.plan().clone(), run.results.records().to_vec()),
        };
        let comparison = RunsComparison::of(&[named(first), named(other)]);
        let pair = &comparison.pairs[0];
        assert_eq!(pair.count(PairVerdict::Identical), pair.figures.len(), "{}", comparison.text(100, false));
        let inputs: Vec<_> = pair.inputs.iter().map(|one| (one.change.as_str(), one.variants.is_none())).collect();
        assert_eq!(inputs, [(change, true)]);
    }
}

#[test]
fn times_of_other_machines_are_not_compared_and_parameters_are() {
    let comparison = compared(|record| {
        if let Some(outcome) = &mut record.outcome {
            outcome.host.cpu = "B Processor".into();
            outcome.device.as_mut().expect("a device").adapter = "B Processor".into();
        }
        let parameters = protocol::Measurement::new(
            "parameters",
            protocol::Kind::Exact,
            protocol::Unit::Count,
            protocol::Direction::Neither,
            64.0,
        );
        record.measurements.push(parameters);
    });
    let pair = &comparison.pairs[0];
    let note = pair.costs_note.as_deref().expect("a note");
    assert!(note.starts_with("Times and memory are not compared: A ran on A Processor, B on B Processor"), "{note}");
    assert!(pair.inputs.iter().any(|one| one.change.starts_with("machine: A Processor -> B Processor")));
    for cost in &pair.costs {
        assert_eq!(
            (cost.first.is_some() && cost.cost == "training time", cost.ratio),
            (cost.cost == "training time", None)
        );
    }
    assert_eq!(pair.count(PairVerdict::Identical), pair.figures.len(), "figures do not depend on the machine");
}

#[test]
fn several_runs_are_compared_with_the_first() {
    let fixture = Fixture::new();
    let shifted = |by: f64| {
        move |record: &mut Record| {
            if is(record, "nade") {
                shift(record, "nll", by)
            }
        }
    };
    let runs = [run("a", &fixture, |_| ()), run("b", &fixture, shifted(3.0)), run("c", &fixture, shifted(-3.0))];
    let comparison = RunsComparison::of(&runs);
    let letters: Vec<_> = comparison.pairs.iter().map(|pair| (pair.first.as_str(), pair.other.as_str())).collect();
    assert_eq!(letters, [("A", "B"), ("A", "C")]);
    let of = |at: usize| verdict(&comparison.pairs[at], "nade", "nll").0;
    assert_eq!((of(0), of(1)), (PairVerdict::Worse, PairVerdict::Better));
    let text = comparison.text(usize::MAX, false);
    assert!(text.starts_with("B against A: ") && text.contains("\nC against A: "), "{text}");
}

#[test]
fn text_keeps_to_the_width_and_escapes_labels() {
    let comparison = compared(|record| {
        if is(record, "vae") {
            shift(record, "elbo", 1.0);
            set_trial(record, |trial| trial.variant = "vae \u{1b}[2J".into());
        }
    });
    for width in [40, 60, 80, 120] {
        let text = comparison.text(width, false);
        assert!(!text.contains('\u{1b}'), "{text}");
        for line in text.lines() {
            assert!(protocol::text::columns(line) <= width || line.split_whitespace().count() <= 2, "{width}: {line}");
        }
    }
}

#[test]
fn json_has_every_number_and_the_page_is_complete() {
    let comparison = much_changed();
    let json: serde_json::Value = serde_json::from_str(&comparison.json().expect("JSON")).expect("JSON");
    assert_eq!(json["schema"], 1);
    assert_eq!(json["runs"].as_array().map(Vec::len), Some(2));
    let pair = &json["pairs"][0];
    assert_eq!(pair["figures"].as_array().map(Vec::len), Some(comparison.pairs[0].figures.len()));
    assert_eq!((&pair["new"][0], &pair["gone"][0]), (&"made".into(), &"nade hidden=500".into()));
    let page = comparison.page("0.1.0").expect("a page");
    if let Some(folder) = std::env::var_os("GENBENCH_KEEP_PAGE") {
        std::fs::write(std::path::Path::new(&folder).join("compare.html"), &page).expect("written");
    }
    assert!(page.contains("Content-Security-Policy") && !page.contains("http-equiv=\"refresh\""));
    for figure in &comparison.pairs[0].figures {
        assert!(page.contains(&format!("data-v=\"{}\"", figure.variant)), "{}", figure.variant);
    }
    for text in [comparison.pairs[0].answer().as_str(), "not compared", "Times and memory are not compared"] {
        assert!(page.contains(text), "{text}");
    }
}
