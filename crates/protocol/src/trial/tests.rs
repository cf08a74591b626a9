use serde_json::json;

use super::identity::canonical;
use super::*;

fn trial() -> Trial {
    Trial {
        schema: TRIAL_SCHEMA,
        grid: "g".into(),
        variant: "nade".into(),
        section: None,
        model: ModelSpec { name: "nade".into(), version: 1, config: json!({"hidden": 8, "lr": 0.1}), meaning: None }
            .into(),
        data: DataSpec { name: "digits".into(), version: 1, config: json!({}), hash: String::new(), meaning: None }
            .into(),
        train: TrainSpec::new(10, 4, 5),
        seed: 3,
        device: "flex".into(),
        measure: Arc::default(),
    }
}

#[test]
fn identity_depends_on_inputs_only() {
    let id = trial().id();
    let renamed = Trial { variant: "other".into(), grid: "h".into(), section: Some("s".into()), ..trial() };
    assert_eq!(renamed.id(), id, "names do not count");
    assert_eq!(Trial { device: "wgpu:1".into(), ..trial() }.id(), Trial { device: "wgpu:0".into(), ..trial() }.id());
    assert_ne!(Trial { seed: 4, ..trial() }.id(), id);
    assert_ne!(Trial { device: "wgpu".into(), ..trial() }.id(), id);
    assert_eq!(Trial { seed: 4, ..trial() }.variant_id(), trial().variant_id());
}

#[test]
fn identity_is_the_digest_of_the_inputs() {
    let trial = Trial { device: "wgpu:1".into(), ..trial() };
    let odd = json!({"a \"key\"": ["\u{1}", "\\", "é", -0.5, 1e300, null, {"b": true}]});
    let odd = Trial {
        model: ModelSpec { name: "\n".into(), version: 2, config: odd, meaning: None }.into(),
        ..trial.clone()
    };
    for trial in [trial, odd] {
        let meaning = json!({
            "model": *trial.model, "data": *trial.data, "train": trial.train, "seed": trial.seed, "device": "wgpu",
        });
        assert_eq!(trial.id().0, digest(&meaning)[..12]);
    }
    assert_eq!(self::trial().id().0, "448663d71ff2", "an id outlives the version that gave it");
}

#[test]
fn a_canonical_text_is_json_except_for_trailing_commas() {
    let value = json!({"b": ["\u{1f}\"\\/\u{7f}é", 0.1, -3, 1e300], "a": {"x": null, "\n": false}});
    let mut text = String::new();
    canonical(&value, &mut text);
    let plain = text.replace(",}", "}").replace(",]", "]");
    assert_eq!(plain, value.to_string());
}

#[test]
fn shared_values_are_serialised_in_full() {
    let trial = trial();
    let text = serde_json::to_string(&trial).unwrap();
    assert!(text.contains(r#""model":{"name":"nade","version":1,"config":{"hidden":8,"lr":0.1}}"#), "{text}");
    assert_eq!(serde_json::from_str::<Trial>(&text).unwrap(), trial);
}

#[test]
fn every_byte_has_two_digits() {
    assert!((0..=u8::MAX).all(|byte| hex(&[byte]) == format!("{byte:02x}")));
    assert_eq!(hex(&[0, 255, 16]), "00ff10");
}

#[test]
fn the_order_of_keys_does_not_matter() {
    let (a, b) = (r#"{"a":1,"b":{"c":2,"d":[1,2]}}"#, r#"{"b":{"d":[1,2],"c":2},"a":1}"#);
    let parse = |text| serde_json::from_str::<Value>(text).unwrap();
    assert_eq!(digest(&parse(a)), digest(&parse(b)));
    assert_ne!(digest(&parse(a)), digest(&json!({"a": 1, "b": {"c": 2, "d": [2, 1]}})));
}

#[test]
fn the_process_of_a_measure_is_stored_only_if_it_is_not_the_default() {
    for (name, taken_by) in [("nll", TakenBy::Worker), ("throughput", TakenBy::TimingPass)] {
        let spec = MeasureSpec::new(name, 1, json!({})).with_taken_by(taken_by);
        let written = json!({"name": name, "version": 1, "config": {}});
        assert_eq!(json!(spec), written, "as in records that are older than the property");
        assert_eq!(serde_json::from_value::<MeasureSpec>(written).unwrap().taken_by(), taken_by);
    }
    let foreign = MeasureSpec::new("latency", 1, json!({})).with_taken_by(TakenBy::TimingPass);
    assert_eq!(json!(foreign)["taken_by"], "timing_pass");
    assert_eq!(serde_json::from_value::<MeasureSpec>(json!(foreign)).unwrap(), foreign);
}

/// A trial of the second scheme with settings that differ from the defaults.
fn second() -> Trial {
    let meaning = |settings: Value| Some(Meaning { settings, locators: vec![], reading: String::new(), first: None });
    let (model, data) = (json!({"hidden": 8, "lr": 0.1, "layers": 1}), json!({"path": "a", "binarize": "static"}));
    Trial {
        model: ModelSpec { name: "nade".into(), version: 1, config: model, meaning: meaning(json!({"hidden": 8})) }
            .into(),
        data: DataSpec {
            name: "idx".into(),
            version: 1,
            config: data,
            hash: "abc".into(),
            meaning: meaning(json!({"binarize": "static"})),
        }
        .into(),
        ..trial()
    }
}

#[test]
fn the_second_scheme_hashes_meanings() {
    let second = second();
    let meaning = json!({
        "scheme": 2, "seed": 3, "device": "flex", "train": {"steps": 10, "batch_size": 4, "eval_every": 5},
        "model": {"name": "nade", "version": 1, "config": {"hidden": 8}},
        "data": {"name": "idx", "version": 1, "hash": "abc", "config": {"binarize": "static"}},
    });
    assert_eq!(second.id().0, digest(&meaning)[..12]);
    assert_eq!(second.id().0, "b60a4474a71d", "an id outlives the version that gave it");
    let first = json!({
        "model": {"name": "nade", "version": 1, "config": second.model.config}, "train": second.train, "seed": 3,
        "data": {"name": "idx", "version": 1, "hash": "abc", "config": second.data.config}, "device": "flex",
    });
    assert_eq!(second.first_id().unwrap().0, digest(&first)[..12]);
    assert_eq!(trial().first_id(), None, "a record of the first scheme has one id");
}

#[test]
fn every_input_of_the_second_scheme_counts() {
    let mut ids = vec![second().id()];
    let mut count = |change: &dyn Fn(&mut Trial)| {
        let mut changed = second();
        change(&mut changed);
        ids.push(changed.id());
    };
    fn of_model(trial: &mut Trial) -> &mut ModelSpec {
        Arc::make_mut(&mut trial.model)
    }
    fn of_data(trial: &mut Trial) -> &mut DataSpec {
        Arc::make_mut(&mut trial.data)
    }
    count(&|t| of_model(t).version = 2);
    count(&|t| of_model(t).name = "made".into());
    count(&|t| of_model(t).meaning.as_mut().unwrap().settings = json!({}));
    count(&|t| of_data(t).version = 2);
    count(&|t| of_data(t).name = "cifar10".into());
    count(&|t| of_data(t).hash = "abd".into());
    count(&|t| of_data(t).meaning.as_mut().unwrap().reading = "transposed".into());
    count(&|t| of_data(t).meaning.as_mut().unwrap().settings = json!({"binarize": "dynamic"}));
    count(&|t| t.seed = 4);
    count(&|t| t.device = "wgpu".into());
    count(&|t| t.train.steps = 11);
    count(&|t| t.train.batch_size = 5);
    count(&|t| t.train.eval_every = 6);
    count(&|t| t.train.schedule = Schedule::Linear);
    count(&|t| t.train.keep = Keep::Best);
    count(&|t| t.train.patience = Some(1));
    count(&|t| t.train.warmup = 3);
    count(&|t| t.train.milestones = vec![0.5]);
    count(&|t| t.train.gamma = 0.5);
    count(&|t| t.train.optim.ema = 0.5);
    count(&|t| t.train.optim.beta_1 = Some(0.9));
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all, "each change gives another id");
    let moved = Trial { grid: "h".into(), variant: "v".into(), ..second() };
    let mut elsewhere = moved.clone();
    of_data(&mut elsewhere).config = json!({"path": "b", "binarize": "static"});
    assert!(moved.id() == second().id() && elsewhere.id() == second().id() && elsewhere.data.is_same(&moved.data));
    assert_ne!(elsewhere.first_id(), moved.first_id());
}

#[test]
fn every_setting_of_training_is_an_input_or_has_a_default() {
    let train = TrainSpec::new(10, 4, 5);
    assert_eq!(train.non_defaults(), json!({"steps": 10, "batch_size": 4, "eval_every": 5}));
}
