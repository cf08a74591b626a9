//! Generative adversarial network of perceptrons.
//!
//! The discriminator D maximises E log D(x) + E log(1 - D(G(z))), and the generator G maximises E log D(G(z)). The
//! other objectives are in [`objective`]. The layers of D can be spectrally normalised: see [`nn::spectral`].
//!
//! Goodfellow et al., 2014, Generative Adversarial Nets, algorithm 1.
//!
//! # Departures from the paper
//! Leaky ReLU instead of maxout in D; Adam with beta1 = 0.5 instead of SGD with momentum; Gaussian instead of uniform
//! z. The learning rate of D is five times that of G (two time-scales: Heusel et al., 2017).
//!
//! WGAN has the defaults of the other objectives: Adam with momentum instead of RMSProp, which its paper (section 4) found
//! unstable; the learning rates above instead of 5e-5; one discriminator step per generator step instead of five.
//!
//! A training step is one generator step for every `critic_steps`, so that budgets, schedules and evaluations count
//! updates of G. It takes `critic_steps` batches.

mod game;
mod generated;
mod networks;
mod objective;
mod pair;
mod trainer;

use burn::prelude::*;
use data::{DataShape, Noise};
use engine::{ModelConfig, Trainer};
use protocol::{Problem, check};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) use self::game::{Game, real_valued};
use self::networks::{Discriminator, Generator};
pub(crate) use self::objective::{Objective, without_wgan};
pub(crate) use self::pair::{Discriminate, Generate};
pub(crate) use self::trainer::GanTrainer;

/// Settings of `gan`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct GanConfig {
    /// Number of hidden units in each of the two hidden layers of generator and discriminator, 1 to 65,536.
    #[schemars(range(min = 1, max = 65_536))]
    hidden: usize,
    /// Number of latent dimensions, 1 to 65,536.
    #[schemars(range(min = 1, max = 65_536))]
    latent: usize,
    /// Loss of generator and discriminator: minimax, non_saturating, least_squares, hinge or wgan.
    objective: Objective,
    /// Number of discriminator steps per generator step, each on its own batch, 1 to 100. A training step has one generator
    /// step.
    #[schemars(range(min = 1, max = 100))]
    critic_steps: usize,
    /// Bound on the absolute discriminator weights with wgan, above 0, at most 1.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1))]
    clip: f64,
    /// Normalises the layers of the discriminator spectrally: true or false; not with wgan.
    spectral: bool,
    /// Dropout probability of the discriminator's hidden units, 0 to below 1.
    #[schemars(range(min = 0), extend("exclusiveMaximum" = 1))]
    dropout: f64,
    /// Learning rate for the generator, above 0, at most 10.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 10))]
    lr_generator: f64,
    /// Learning rate for the discriminator, above 0, at most 10.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 10))]
    lr_discriminator: f64,
}

impl Default for GanConfig {
    fn default() -> Self {
        Self {
            hidden: 256,
            latent: 32,
            objective: Objective::NonSaturating,
            critic_steps: 1,
            clip: 0.01,
            spectral: false,
            dropout: 0.5,
            lr_generator: 2e-4,
            lr_discriminator: 1e-3,
        }
    }
}

impl GanConfig {
    fn game(&self) -> Game {
        let Self { objective, critic_steps, clip, spectral, lr_generator, lr_discriminator, .. } = *self;
        Game { objective, critic_steps, clip, spectral, lr_generator, lr_discriminator }
    }
}

impl ModelConfig for GanConfig {
    const NAME: &'static str = "gan";
    const ABOUT: &'static str =
        "Generative adversarial network of perceptrons with five objectives; samples, no density.";
    // 2: the discriminator sees pixels in [-1, 1], and a step is one of the generator whatever `critic_steps`.
    const VERSION: u32 = 2;

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        self.game().check(data)?;
        check::positive("hidden", self.hidden)?;
        check::positive("latent", self.latent)?;
        ::nn::dropout::check("dropout", self.dropout)?;
        Ok(())
    }

    fn batches_per_step(&self) -> usize {
        self.critic_steps
    }

    fn tiny() -> Vec<Self> {
        let tiny =
            Self { hidden: 16, latent: 4, dropout: 0.2, lr_generator: 2e-3, lr_discriminator: 2e-3, ..Self::default() };
        vec![
            tiny.clone(),
            Self { objective: Objective::Minimax, ..tiny.clone() },
            Self { objective: Objective::LeastSquares, ..tiny.clone() },
            Self { objective: Objective::Hinge, spectral: true, ..tiny.clone() },
            Self { objective: Objective::Wgan, critic_steps: 2, ..tiny },
        ]
    }

    fn build(&self, data: &DataShape, seed: u64, device: &Device) -> Box<dyn Trainer> {
        let mut noise = Noise::new(seed, "gan/weights", 0);
        let generator = Generator::new(self, data.pixels(), &mut noise, device);
        let discriminator = Discriminator::new(self, data.pixels(), &mut noise, device);
        Box::new(GanTrainer::new(self.game(), generator, discriminator))
    }
}
