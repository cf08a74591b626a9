//! Explanations of trials, from the records in their folders.

use std::fs;

use protocol::fixtures::{outcome, trial};
use protocol::{Change, GridDir, Kind, Measurement, Outcome, Status, Trial, Unit, atomic};
use serde_json::json;

use super::explain;

fn with_steps(variant: &str, seed: u64, steps: u64) -> Trial {
    let mut trial = trial(variant, seed);
    trial.train.steps = steps;
    trial
}

fn texts(changes: &[Change]) -> Vec<String> {
    changes.iter().map(ToString::to_string).collect()
}

fn end(grid: &GridDir, trial: &Trial, status: Status) {
    let dir = grid.trial(&trial.id());
    fs::create_dir_all(&dir.0).expect("a folder");
    let outcome = Outcome { steps: 100, train_s: 2.0, ..outcome(trial.id(), status) };
    atomic::write_json(&dir.outcome(), &outcome).expect("written");
    atomic::write_json(&dir.trial(), trial).expect("written");
}

#[test]
fn each_action_has_its_reason() {
    let results = tempfile::tempdir().expect("a folder");
    let grid = GridDir::new(results.path(), "g");
    let why = |trial: &Trial| explain(&grid, &[trial], &protocol::Build::default()).expect("readable").remove(0);
    assert_eq!(why(&trial("a", 0)).why, ["this grid has no finished trial"]);

    end(&grid, &trial("a", 0), Status::Done);
    end(&grid, &with_steps("a", 1, 50), Status::Done);
    let done = why(&trial("a", 0));
    assert_eq!((done.next, done.why.len(), &done.nearest), ("done", 1, &None));
    assert!(done.why[0].starts_with("finished: 100 steps in "), "{:?}", done.why);

    // The trial of the same label and seed, although another differs in the seed only.
    let changed = why(&trial("a", 1)).nearest.expect("one is finished");
    assert_eq!((changed.seed, texts(&changed.changes)), (1, vec!["train.steps: 50 -> 100".to_owned()]));
    // No trial has this label and seed: the one that differs least.
    let nearest = why(&with_steps("new", 0, 50)).nearest.expect("one is finished");
    assert_eq!(nearest.seed, 0);

    let lost = trial("lost", 0);
    end(&grid, &lost, Status::Diverged { step: 3, what: "the loss".into() });
    let again = "`run --retry-failed=diverged` runs it again";
    assert_eq!(why(&lost).why, ["status diverged: the loss was not finite after step 3", again]);
    let late = trial("late", 0);
    end(&grid, &late, Status::TimedOut { limit_s: 2.0 });
    assert_eq!(why(&late).why[1], "`run --retry-failed` runs it again");

    let stopped = trial("stopped", 0);
    let folder = grid.trial(&stopped.id()).checkpoint();
    fs::create_dir_all(&folder).expect("a folder");
    atomic::write_json(&folder.join("state.json"), &json!({"step": 40})).expect("written");
    assert_eq!(why(&stopped).why, ["interrupted, with a checkpoint at step 40 of 100"]);
}

#[test]
fn a_missing_measure_is_named() {
    let results = tempfile::tempdir().expect("a folder");
    let grid = GridDir::new(results.path(), "g");
    let spec = |name: &str, version, config| protocol::MeasureSpec::new(name, version, config);
    let measure = vec![spec("nll", 2, json!({})), spec("iwae", 1, json!({"k": 500})), spec("elbo", 1, json!({}))];
    let trial = Trial { measure: measure.into(), ..trial("a", 0) };
    end(&grid, &trial, Status::Done);
    let figure = |measure: &str, settings| {
        let mut figure = Measurement::new(measure, Kind::Exact, Unit::Nats, protocol::Direction::Lower, 1.0);
        (figure.measure, figure.settings, figure.version) = (measure.into(), settings, 1);
        figure
    };
    let figures = [figure("nll", json!({})), figure("iwae", json!({"k": 50}))];
    atomic::write_json(&grid.trial(&trial.id()).measurements(), &figures).expect("written");
    let build = protocol::Build::default();
    let explanation = explain(&grid, &[&trial], &build).expect("readable").remove(0);
    assert!(explanation.next == "model_lost" && explanation.why[0].contains("the trained model is gone"));
    protocol::fixtures::keep_model(&grid.trial(&trial.id())).expect("written");
    let explanation = explain(&grid, &[&trial], &build).expect("readable").remove(0);
    assert_eq!(
        (explanation.next, explanation.why),
        (
            "measure",
            vec![
                "`nll` was measured by version 1 of the measure; the present version is 2".to_owned(),
                "`iwae` was measured with other settings: iwae.k: 50 -> 500".to_owned(),
                "`elbo` is not measured yet".to_owned(),
            ]
        )
    );
}

#[test]
fn a_finished_trial_of_another_build_names_both_builds() {
    let results = tempfile::tempdir().expect("a folder");
    let grid = GridDir::new(results.path(), "g");
    end(&grid, &trial("a", 0), Status::Done);
    let this =
        protocol::Build { code: "new".into(), commit: Some("abc".into()), dirty: Some(true), ..Default::default() };
    let explained = explain(&grid, &[&trial("a", 0)], &this).expect("readable").remove(0);
    assert_eq!(explained.next, "done");
    let why = "made by another build: code , ; this is code new, , commit abc with changes; \
               `run --rerun-if code` trains it again";
    assert_eq!(explained.why[1], why);
}
