//! Plans against each other, and trials against what lies in their folders.

use std::fs;
use std::sync::Arc;

use protocol::{GridDir, Host, Kind, Measurement, Outcome, Status, Trial, Unit, atomic};
use serde_json::json;

use super::*;
use crate::run::fixture::trial;
use crate::{Compare, Plan};

fn plan(trials: Vec<Trial>) -> Plan {
    Plan {
        grid: "g".into(),
        about: String::new(),
        device_note: None,
        sections: Vec::new(),
        side_by_side: Vec::new(),
        trials,
        facts: Vec::new(),
        compare: Compare::default(),
    }
}

fn with_steps(variant: &str, seed: u64, steps: u64) -> Trial {
    let mut trial = trial(variant, seed);
    trial.train.steps = steps;
    trial
}

fn told(changes: &[Change]) -> Vec<String> {
    changes.iter().map(ToString::to_string).collect()
}

#[test]
fn every_input_is_told_by_its_name() {
    let old = trial("a", 0);
    let mut new = trial("a", 1);
    (new.train.steps, new.device) = (200, "wgpu:1".into());
    Arc::make_mut(&mut new.data).version = 2;
    Arc::make_mut(&mut new.model).config = json!({"optim": {"lr": 0.1}});
    assert_eq!(
        told(&changes(&old, &new)),
        [
            "data version: 1 -> 2",
            "device: flex -> wgpu",
            "seed: 0 -> 1",
            "train.steps: 100 -> 200",
            "model.optim.lr: not there -> 0.1"
        ]
    );
    assert_eq!(changes(&old, &Trial { variant: "b".into(), measure: Vec::new().into(), ..old.clone() }), []);
    let mut other = new.clone();
    Arc::make_mut(&mut other.model).name = "vae".into();
    let mut far = trial("a", 1);
    Arc::make_mut(&mut far.model).config = json!({"hidden": 3});
    assert!(told(&changes(&far, &other)).contains(&"model: a -> vae".to_owned()));
    assert!(!told(&changes(&far, &other)).iter().any(|one| one.starts_with("model.")), "those of another model");
}

#[test]
fn trials_are_the_same_by_their_meaning() {
    let old = plan(vec![trial("a", 0), trial("a", 1), trial("b", 0), trial("c", 0), trial("d", 0)]);
    let renamed = Trial { variant: "b2".into(), ..trial("b", 0) };
    let remeasured = Trial { measure: Vec::new().into(), ..trial("d", 0) };
    let new = plan(vec![with_steps("a", 0, 7), with_steps("a", 1, 7), renamed, trial("e", 0), remeasured]);
    let diff = diff(&old, &new);
    let rows: Vec<_> = diff
        .rows
        .iter()
        .map(|row| (row.kind.sign(), row.variant.as_str(), row.seeds.len(), told(&row.changes)))
        .collect();
    assert_eq!(
        rows,
        [
            ('~', "a", 2, vec!["train.steps: 100 -> 7".to_owned()]),
            ('=', "b2", 1, vec![]),
            ('+', "e", 1, vec![]),
            ('m', "d", 1, vec!["measure throughput: {\"seconds\":0.01,\"windows\":3} -> not there".to_owned()]),
            ('-', "c", 1, vec![]),
        ]
    );
    assert_eq!(diff.rows[1].was.as_deref(), Some("b"));
    assert_eq!((diff.count(DiffKind::Changed), diff.count(DiffKind::Same)), (2, 1));
    let itself = super::diff(&old, &old);
    assert_eq!(itself.count(DiffKind::Same), 5);
}

fn end(grid: &GridDir, trial: &Trial, status: Status) {
    let dir = grid.trial(&trial.id());
    fs::create_dir_all(&dir.0).expect("a folder");
    let outcome = Outcome {
        schema: protocol::outcome::OUTCOME_SCHEMA,
        trial: trial.id(),
        status,
        attempts: 1,
        genbench: String::new(),
        ended_unix_ms: 0,
        host: Host::default(),
        device: None,
        data: None,
        steps: 100,
        kept_step: None,
        train_s: 2.0,
        parameters: None,
    };
    atomic::write_json(&dir.outcome(), &outcome).expect("written");
    atomic::write_json(&dir.trial(), trial).expect("written");
}

#[test]
fn each_state_has_its_reason() {
    let results = tempfile::tempdir().expect("a folder");
    let grid = GridDir::new(results.path(), "g");
    let why = |trial: &Trial| explain(&grid, &[trial]).expect("readable").remove(0);
    assert_eq!(why(&trial("a", 0)).why, ["no trial of this grid is finished"]);

    end(&grid, &trial("a", 0), Status::Done);
    end(&grid, &with_steps("a", 1, 50), Status::Done);
    let done = why(&trial("a", 0));
    assert_eq!((done.next, done.why.len(), &done.nearest), ("done", 1, &None));
    assert!(done.why[0].starts_with("it is finished: 100 steps in "), "{:?}", done.why);

    // Of the same label and seed, although the other one differs in the seed alone.
    let changed = why(&trial("a", 1)).nearest.expect("one is finished");
    assert_eq!((changed.seed, told(&changed.changes)), (1, vec!["train.steps: 50 -> 100".to_owned()]));
    // Of no such label and seed: the one that differs least.
    let nearest = why(&with_steps("new", 0, 50)).nearest.expect("one is finished");
    assert_eq!(nearest.seed, 0);

    let lost = trial("lost", 0);
    end(&grid, &lost, Status::Diverged { step: 3, what: "the loss".into() });
    let again = "`run --retry-failed=diverged` tries it again";
    assert_eq!(why(&lost).why, ["it ended as diverged: the loss was not finite after step 3", again]);
    let late = trial("late", 0);
    end(&grid, &late, Status::TimedOut { limit_s: 2.0 });
    assert_eq!(why(&late).why[1], "`run --retry-failed` tries it again");

    let stopped = trial("stopped", 0);
    let folder = grid.trial(&stopped.id()).checkpoint();
    fs::create_dir_all(&folder).expect("a folder");
    atomic::write_json(&folder.join("state.json"), &json!({"step": 40})).expect("written");
    assert_eq!(why(&stopped).why, ["it was interrupted; its checkpoint stands at step 40 of 100"]);
}

#[test]
fn a_measure_that_is_lacking_is_named() {
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
    let told = explain(&grid, &[&trial]).expect("readable").remove(0);
    assert_eq!(
        (told.next, told.why),
        (
            "measure",
            vec![
                "`nll` was taken by version 1 of the measure, which is 2 now".to_owned(),
                "`iwae` was taken with other settings: iwae.k: 50 -> 500".to_owned(),
                "`elbo` has not been taken".to_owned(),
            ]
        )
    );
}
