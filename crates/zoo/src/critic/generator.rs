//! Generators whose density is known.

use burn::prelude::Device;
use data::DataShape;
use engine::{ModelConfig, Trainer};
use protocol::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::independent::Independent;
use crate::markov::Markov;
use crate::nade::NadeConfig;

/// What draws the samples that D is to tell from the data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Fixed {
    /// Every image equally likely; nothing is fitted.
    Uniform,
    /// Independent pixels.
    #[default]
    Independent,
    /// A Markov table along the rows.
    Markov,
    /// A NADE of default settings.
    Nade,
}

impl Fixed {
    /// Whether the generator suits the data.
    pub(super) fn check(self, order: usize, data: &DataShape) -> Result<(), Problem> {
        match self {
            Self::Uniform | Self::Independent => Independent::default().check(data),
            Self::Markov => Markov::of_order(order).check(data),
            Self::Nade => NadeConfig::default().check(data),
        }
    }

    /// The trainer of the generator, not yet fitted: a table of no counts is uniform.
    pub(super) fn build(self, order: usize, data: &DataShape, seed: u64, device: &Device) -> Box<dyn Trainer> {
        match self {
            Self::Uniform | Self::Independent => Independent::default().build(data, seed, device),
            Self::Markov => Markov::of_order(order).build(data, seed, device),
            Self::Nade => NadeConfig::default().build(data, seed, device),
        }
    }

    /// Whether there is anything to fit.
    pub(super) fn is_fitted(self) -> bool {
        self != Self::Uniform
    }
}
