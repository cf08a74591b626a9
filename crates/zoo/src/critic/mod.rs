//! A discriminator against a generator that stays as it is: what a GAN's D does while G is fixed.
//!
//! The generator is a table or a NADE, fitted to the first `generator_steps` batches, so that its
//! density is known and the best D there is can be stated: p_d / (p_d + p_g). D then learns alone.
//!
//! Goodfellow et al., 2014, Generative Adversarial Nets, proposition 1 and theorem 1: E_d log D +
//! E_g log(1 - D) is 2 JSD - log 4 at that D, and below it at any other.

mod generator;
mod model;
mod trainer;

use burn::prelude::*;
use data::{DataShape, Noise};
use engine::{ModelConfig, Trainer};
use protocol::{Problem, check};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::generator::Fixed;
use self::trainer::CriticTrainer;

/// Settings of `critic`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct CriticConfig {
    /// What draws the samples: uniform, independent, markov or nade.
    generator: Fixed,
    /// With markov, how many pixels back a pixel looks.
    order: usize,
    /// Steps on whose batches the generator is fitted, before D's first step.
    generator_steps: u64,
    /// Hidden units of each of D's layers.
    hidden: usize,
    /// D's hidden layers.
    layers: usize,
    /// Learning rate of Adam for the discriminator, above 0, at most 10.
    lr: f64,
}

impl Default for CriticConfig {
    fn default() -> Self {
        Self { generator: Fixed::Independent, order: 1, generator_steps: 100, hidden: 128, layers: 2, lr: 1e-3 }
    }
}

impl ModelConfig for CriticConfig {
    const NAME: &'static str = "critic";
    const ABOUT: &'static str = "discriminator alone, against a fixed generator whose density is known";

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        self.generator.check(self.order, data)?;
        check::positive("hidden", self.hidden)?;
        check::at_most("layers", self.layers, 8)?;
        check::learning_rate("lr", self.lr)
    }

    fn tiny() -> Vec<Self> {
        let tiny = Self { generator_steps: 4, hidden: 16, layers: 1, lr: 5e-3, ..Self::default() };
        vec![
            tiny.clone(),
            Self { generator: Fixed::Uniform, ..tiny.clone() },
            Self { generator: Fixed::Markov, layers: 2, ..tiny.clone() },
            Self { generator: Fixed::Nade, ..tiny },
        ]
    }

    fn build(&self, data: &DataShape, seed: u64, device: &Device) -> Box<dyn Trainer> {
        let noise = &mut Noise::new(seed, "critic/weights", 0);
        Box::new(CriticTrainer::new(self, self.generator.build(self.order, data, seed, device), data, noise, device))
    }
}
