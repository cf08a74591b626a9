//! Discriminator against a fixed generator, as in the inner optimisation of a GAN.
//!
//! The generator is a table or a NADE that is fitted on the first `generator_steps` batches. Its density is known, so
//! that the optimal discriminator is known too: p_d / (p_d + p_g). The discriminator D is then trained alone.
//!
//! Goodfellow et al., 2014, Generative Adversarial Nets, proposition 1 and theorem 1: E_d log D + E_g log(1 - D) is
//! 2 JSD - log 4 for the optimal D, and less for any other.
//!
//! # Departures from the paper
//! The generator is fitted by likelihood and then fixed, instead of adversarially. Adam instead of SGD with momentum.

mod generator;
mod model;
mod trainer;

use burn::prelude::*;
use data::{DataShape, Noise};
use engine::{ModelConfig, Trainer};
use protocol::{Optim, Problem, check};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::generator::FixedGenerator;
use self::trainer::CriticTrainer;

/// Settings of `critic`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct CriticConfig {
    /// Fixed generator of the samples: uniform, independent, markov or nade.
    generator: FixedGenerator,
    /// Number of preceding pixels that a pixel depends on with markov, below the number of pixels.
    order: usize,
    /// Number of steps on which the generator is fitted before the first step of the discriminator, from 0.
    generator_steps: u64,
    /// Number of hidden units per layer of the discriminator, 1 to 65,536.
    #[schemars(range(min = 1, max = 65_536))]
    hidden: usize,
    /// Number of hidden layers of the discriminator, 1 to 8.
    #[schemars(range(min = 1, max = 8))]
    layers: usize,
    /// Learning rate for the discriminator, above 0, at most 10.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 10))]
    lr: f64,
}

impl Default for CriticConfig {
    fn default() -> Self {
        Self {
            generator: FixedGenerator::Independent,
            order: 1,
            generator_steps: 100,
            hidden: 128,
            layers: 2,
            lr: 1e-3,
        }
    }
}

impl ModelConfig for CriticConfig {
    const NAME: &'static str = "critic";
    const ABOUT: &'static str =
        "Discriminator against a fixed generator of known density, for comparison with the optimal one.";
    // 2: the discriminator sees pixels in [-1, 1].
    const VERSION: u32 = 2;

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        self.generator.check(self.order, data)?;
        check::positive("hidden", self.hidden)?;
        check::at_most("layers", self.layers, 8)?;
        check::learning_rate("lr", self.lr)
    }

    fn check_optim(&self, optim: &Optim) -> Result<(), Problem> {
        if optim.ema > 0.0 && self.generator == FixedGenerator::Nade {
            let message = "the discriminator is trained against the fitted weights of the generator, not their average";
            return Err(Problem::new("ema", message).help("remove it, or use a generator that is fitted by counting"));
        }
        Ok(())
    }

    fn tiny() -> Vec<Self> {
        let tiny = Self { generator_steps: 4, hidden: 16, layers: 1, lr: 5e-3, ..Self::default() };
        vec![
            tiny.clone(),
            Self { generator: FixedGenerator::Uniform, ..tiny.clone() },
            Self { generator: FixedGenerator::Markov, layers: 2, ..tiny.clone() },
            Self { generator: FixedGenerator::Nade, ..tiny },
        ]
    }

    fn build(&self, data: &DataShape, seed: u64, device: &Device) -> Box<dyn Trainer> {
        let noise = &mut Noise::new(seed, "critic/weights", 0);
        Box::new(CriticTrainer::new(self, self.generator.build(self.order, data, seed, device), data, noise, device))
    }
}
