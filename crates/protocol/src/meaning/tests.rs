use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::registry::to_value;

/// Settings with every shape: numbers, an option, a list, a block, a choice with settings of its own, a list of blocks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Old {
    hidden: u64,
    lr: f64,
    seed: Option<u64>,
    sides: Vec<u64>,
    optim: Optim,
    prior: Prior,
    parts: Vec<Optim>,
}

/// The same settings in a later version: one more in every place where one can be added.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct New {
    hidden: u64,
    lr: f64,
    seed: Option<u64>,
    sides: Vec<u64>,
    optim: NewOptim,
    prior: NewPrior,
    parts: Vec<NewOptim>,
    dropout: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Optim {
    beta: f64,
    clip: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct NewOptim {
    beta: f64,
    clip: Option<f64>,
    nesterov: bool,
}

impl Default for Optim {
    fn default() -> Self {
        Self { beta: 0.9, clip: None }
    }
}

impl Default for NewOptim {
    fn default() -> Self {
        Self { beta: 0.9, clip: None, nesterov: false }
    }
}

fn four() -> u64 {
    4
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Prior {
    #[default]
    Normal,
    Mixture {
        #[serde(default = "four")]
        components: u64,
    },
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum NewPrior {
    #[default]
    Normal,
    Mixture {
        #[serde(default = "four")]
        components: u64,
        #[serde(default)]
        learned: bool,
    },
}

fn meaning<C: Default + Serialize + for<'de> Deserialize<'de>>(written: &Value) -> Value {
    let resolve = |settings: &Value| Some(to_value(&serde_json::from_value::<C>(settings.clone()).ok()?));
    Meaning::of(&resolve(written).unwrap(), &to_value(&C::default()), &resolve).settings
}

fn optim() -> impl Strategy<Value = Optim> {
    (prop_oneof![Just(0.9), Just(0.5)], prop_oneof![Just(None), Just(Some(1.0))])
        .prop_map(|(beta, clip)| Optim { beta, clip })
}

fn settings() -> impl Strategy<Value = Old> {
    let prior = prop_oneof![Just(Prior::Normal), (3..6_u64).prop_map(|components| Prior::Mixture { components })];
    let lists = (prop::collection::vec(0..2_u64, 0..3), prop::collection::vec(optim(), 0..3));
    (0..3_u64, prop_oneof![Just(0.0), Just(1e-3)], prop::option::of(0..2_u64), lists, optim(), prior).prop_map(
        |(hidden, lr, seed, (sides, parts), optim, prior)| Old { hidden, lr, seed, sides, optim, prior, parts },
    )
}

proptest! {
    /// A setting that is added with a default changes no meaning, in a block, in a choice and in a list of blocks.
    #[test]
    fn added_settings_change_nothing(config in settings()) {
        let written = to_value(&config);
        prop_assert_eq!(meaning::<Old>(&written), meaning::<New>(&written));
    }

    /// Writing a default, or leaving it out, is the same.
    #[test]
    fn a_written_default_changes_nothing(config in settings()) {
        let full = to_value(&config);
        prop_assert_eq!(meaning::<Old>(&full), meaning::<Old>(&meaning::<Old>(&full)));
    }

    /// Different settings have different meanings, and the meaning defines them.
    #[test]
    fn the_meaning_determines_the_settings(a in settings(), b in settings()) {
        let (of_a, of_b) = (meaning::<Old>(&to_value(&a)), meaning::<Old>(&to_value(&b)));
        prop_assert_eq!(a == b, of_a == of_b);
        prop_assert_eq!(serde_json::from_value::<Old>(of_a).unwrap(), a);
    }
}

#[test]
fn defaults_are_left_out_at_every_depth() {
    assert_eq!(meaning::<Old>(&json!({})), json!({}));
    let written = json!({"optim": {"beta": 0.9, "clip": 1.0}, "prior": {"kind": "mixture", "components": 4}});
    assert_eq!(meaning::<Old>(&written), json!({"optim": {"clip": 1.0}, "prior": {"kind": "mixture"}}));
    assert_eq!(meaning::<Old>(&json!({"parts": [{}, {"beta": 0.5}]})), json!({"parts": [{}, {"beta": 0.5}]}));
}

#[test]
fn locators_are_removed_where_they_are() {
    let all = json!({"path": "a", "data": {"name": "idx", "path": "b", "test": 3}});
    let same = |settings: &Value| Some(settings.clone());
    let of = |paths: &[&str]| {
        Meaning::of(&all, &json!({}), &same).without(paths.iter().map(|path| (*path).to_owned()).collect())
    };
    assert_eq!(of(&["path", "data.path"]).settings, json!({"data": {"name": "idx", "test": 3}}));
    assert_eq!(of(&["absent.path"]).settings, all);
    assert!(of(&["data.path"]).locates("data.path") && !of(&["data.path"]).locates("path"));
}
