//! Fixed generators with a known density.

use burn::prelude::Device;
use data::DataShape;
use engine::{ModelConfig, Trainer};
use protocol::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::independent::Independent;
use crate::markov::Markov;
use crate::nade::NadeConfig;

/// Generator of the samples that the discriminator distinguishes from data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum FixedGenerator {
    /// Uniform distribution over all images, without fitting.
    Uniform,
    /// Independent pixels.
    #[default]
    Independent,
    /// Markov table along the rows.
    Markov,
    /// NADE with default settings.
    Nade,
}

impl FixedGenerator {
    /// Refuses data that the generator does not support.
    pub(super) fn check(self, order: usize, data: &DataShape) -> Result<(), Problem> {
        match self {
            Self::Uniform | Self::Independent => Independent::default().check(data),
            Self::Markov => Markov::of_order(order).check(data),
            Self::Nade => NadeConfig::default().check(data),
        }
    }

    /// Returns the trainer of the generator before fitting. A table without counts is uniform.
    pub(super) fn build(self, order: usize, data: &DataShape, seed: u64, device: &Device) -> Box<dyn Trainer> {
        match self {
            Self::Uniform | Self::Independent => Independent::default().build(data, seed, device),
            Self::Markov => Markov::of_order(order).build(data, seed, device),
            Self::Nade => NadeConfig::default().build(data, seed, device),
        }
    }

    /// Returns whether the generator is fitted to data.
    pub(super) fn is_fitted(self) -> bool {
        self != Self::Uniform
    }
}
