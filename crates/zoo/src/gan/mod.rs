//! The generative adversarial network, with perceptrons.
//!
//! D learns to tell data from G(z); G learns to raise log D(G(z)).
//!
//! Goodfellow et al., 2014, Generative Adversarial Nets, algorithm 1; other objectives: [`objective`].
//! D's layers can be spectrally normalised: [`nn::spectral`].
//!
//! # Departures from the paper
//! Leaky ReLU instead of maxout in D; Adam with beta1 = 0.5 instead of SGD with
//! momentum; z is Gaussian instead of uniform. D's learning rate is five times G's (two time-scales: Heusel
//! et al., 2017): at equal rates samples of binary digits collapsed in most seeds.

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

pub(crate) use self::game::Game;
use self::networks::{Discriminator, Generator};
pub(crate) use self::objective::Objective;
pub(crate) use self::pair::{Discriminate, Generate};
pub(crate) use self::trainer::GanTrainer;

/// Settings of `gan`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct GanConfig {
    /// Hidden units of each of the two layers of G and of D.
    hidden: usize,
    /// Dimensions of z.
    latent: usize,
    /// What D and G minimise: minimax, non_saturating, least_squares, hinge or wgan.
    objective: Objective,
    /// Steps of D for each step of G, each on a batch of its own.
    critic_steps: usize,
    /// With wgan, where D's weights are clipped.
    clip: f64,
    /// Whether D's layers are spectrally normalised.
    spectral: bool,
    /// The share of D's hidden units that are dropped at each step.
    dropout: f64,
    /// Learning rate of G's Adam.
    lr_generator: f64,
    /// Learning rate of D's Adam.
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
    const ABOUT: &'static str = "adversarial network of perceptrons, with five objectives: samples without a density";

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        self.game().check(data)?;
        check::positive("hidden", self.hidden)?;
        check::positive("latent", self.latent)?;
        ::nn::dropout::check("dropout", self.dropout)?;
        Ok(())
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
