//! Models with a mistake in their settings or their data check: each breaks one law.

use std::collections::BTreeMap;

use burn::prelude::Device;
use data::DataShape;
use engine::{ModelConfig, Trainer};
use protocol::{Optim, Problem, Support};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Counts, Logistic};

/// Has a key whose default when missing differs from [`Default`].
#[derive(Default, Serialize, Deserialize, JsonSchema)]
pub(crate) struct OtherDefaults {
    /// Setting without an effect.
    #[serde(default = "three")]
    unused: u32,
}

fn three() -> u32 {
    3
}

/// Accepts every key.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct UnknownKeys {
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

/// Refuses grey images without advice.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct NoAdvice {}

/// Accepts grey images and treats them as binary.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct TakesGrey {}

/// Draws the same weights from every seed.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct SeedBlind {}

/// Accepts optimiser settings, which its trainer cannot take.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct TakesOptim {}

/// Accepts optimiser settings and has no optimiser, because it is estimated in closed form.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct ClosedFormTakesOptim {}

macro_rules! broken {
    ($model:ident, $name:literal, $closed_form:literal, $check:expr, $build:expr) => {
        impl ModelConfig for $model {
            const NAME: &'static str = $name;
            const ABOUT: &'static str = "Broken model for the tests of a law.";

            fn check(&self, data: &DataShape) -> Result<(), Problem> {
                let check: fn(&DataShape) -> Result<(), Problem> = $check;
                check(data)
            }

            fn closed_form(&self) -> bool {
                $closed_form
            }

            fn check_optim(&self, _optim: &Optim) -> Result<(), Problem> {
                Ok(())
            }

            fn tiny() -> Vec<Self> {
                vec![Self::default()]
            }

            fn build(&self, data: &DataShape, seed: u64, device: &Device) -> Box<dyn Trainer> {
                let build: fn(&DataShape, u64, &Device) -> Box<dyn Trainer> = $build;
                build(data, seed, device)
            }
        }
    };
}

fn check_counts(data: &DataShape) -> Result<(), Problem> {
    Counts::default().check(data)
}

fn counts(data: &DataShape, seed: u64, device: &Device) -> Box<dyn Trainer> {
    Counts::default().build(data, seed, device)
}

/// Refuses all images except binary ones, without advice.
fn without_advice(data: &DataShape) -> Result<(), Problem> {
    check_counts(data).map_err(|problem| Problem { help: None, ..problem })
}

/// Also accepts grey images.
fn grey_as_binary(data: &DataShape) -> Result<(), Problem> {
    check_counts(&DataShape { support: Support::Binary, ..*data })
}

broken!(OtherDefaults, "laws_other_defaults", true, check_counts, counts);
broken!(UnknownKeys, "laws_unknown_keys", true, check_counts, counts);
broken!(NoAdvice, "laws_no_advice", true, without_advice, counts);
broken!(TakesGrey, "laws_takes_grey", true, grey_as_binary, counts);
broken!(SeedBlind, "laws_seed_blind", false, |data| Logistic::default().check(data), |data, _, device| {
    Logistic::default().build(data, 0, device)
});
broken!(TakesOptim, "laws_takes_optim", false, |data| Logistic::default().check(data), |data, seed, device| {
    Logistic::default().build(data, seed, device)
});
broken!(ClosedFormTakesOptim, "laws_closed_form_takes_optim", true, check_counts, counts);
