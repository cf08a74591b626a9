//! Settings of `aae`.

use burn::prelude::Device;
use data::DataShape;
use engine::{ModelConfig, Trainer};
use protocol::{Problem, check};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::prior::{Prior, PriorKind};
use super::trainer::AaeTrainer;
use crate::latent::{Likelihood, LikelihoodSettings, Network, NetworkSettings, Variance};

/// Settings of `aae`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct AaeConfig {
    /// Architecture of encoder and decoder: mlp or conv.
    pub(super) network: Network,
    /// Number of hidden units per layer of the discriminator, and of encoder and decoder with mlp, 1 to 65,536.
    #[schemars(range(min = 1, max = 65_536))]
    pub(super) hidden: usize,
    /// Number of hidden layers of the discriminator, and of encoder and decoder with mlp, 1 to 8.
    #[schemars(range(min = 1, max = 8))]
    pub(super) layers: usize,
    /// Number of channels after the first convolution with conv, 1 to 65,536; each further halving doubles it.
    #[schemars(range(min = 1, max = 65_536))]
    pub(super) channels: usize,
    /// Number of latent dimensions, 1 to 65,536.
    #[schemars(range(min = 1, max = 65_536))]
    pub(super) latent: usize,
    /// Prior of the latents: gaussian, mixture, swiss_roll, uniform or categorical_gaussian.
    pub(super) prior: PriorKind,
    /// Number of Gaussians of mixture, 1 to 1,000, or of categories of categorical_gaussian, 2 to `latent` - 1.
    #[schemars(range(min = 1, max = 65_535))]
    pub(super) components: usize,
    /// Distribution of pixels given z: bernoulli (binary pixels), categorical (grey levels) or gaussian (real values).
    pub(super) decoder: Likelihood,
    /// Standard deviation of a gaussian decoder: fixed, shared (learned) or per_pixel (learned).
    pub(super) variance: Variance,
    /// Standard deviation of a gaussian decoder if fixed, its initial value if shared; above 0.001, below 1000.
    #[schemars(extend("exclusiveMinimum" = 0.001, "exclusiveMaximum" = 1000))]
    pub(super) sigma: f64,
    /// Learning rate for the reconstruction, above 0, at most 10.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 10))]
    pub(super) lr: f64,
    /// Learning rate for the discriminator, above 0, at most 10.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 10))]
    pub(super) lr_discriminator: f64,
    /// Learning rate for the encoder's adversarial loss, above 0, at most 10.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 10))]
    pub(super) lr_encoder: f64,
}

impl Default for AaeConfig {
    fn default() -> Self {
        Self {
            network: Network::Mlp,
            hidden: 256,
            layers: 2,
            channels: 32,
            latent: 8,
            prior: PriorKind::Gaussian,
            components: 10,
            decoder: Likelihood::Bernoulli,
            variance: Variance::Shared,
            sigma: 1.0,
            lr: 1e-3,
            lr_discriminator: 5e-4,
            lr_encoder: 5e-4,
        }
    }
}

impl AaeConfig {
    pub(super) fn likelihood(&self) -> LikelihoodSettings {
        LikelihoodSettings { decoder: self.decoder, variance: self.variance, sigma: self.sigma }
    }

    pub(super) fn network_settings(&self) -> NetworkSettings {
        let Self { network, hidden, layers, channels, .. } = *self;
        NetworkSettings { network, hidden, layers, channels }
    }

    pub(super) fn prior(&self) -> Prior {
        Prior { kind: self.prior, components: self.components, latent: self.latent }
    }
}

impl ModelConfig for AaeConfig {
    const NAME: &'static str = "aae";
    const ABOUT: &'static str = "Adversarial autoencoder with one of five latent priors; samples, no density.";
    // 2: the encoder sees pixels in [-1, 1]. 3: categories of images are draws from their probabilities.
    const VERSION: u32 = 3;

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        self.likelihood().check(data)?;
        self.network_settings().check(data)?;
        check::positive("latent", self.latent)?;
        check::at_most("layers", self.layers, 8)?;
        self.prior().check()?;
        check::learning_rate("lr", self.lr)?;
        check::learning_rate("lr_discriminator", self.lr_discriminator)?;
        check::learning_rate("lr_encoder", self.lr_encoder)
    }

    fn tiny() -> Vec<Self> {
        let tiny = Self {
            hidden: 16,
            layers: 1,
            latent: 2,
            components: 3,
            lr: 1e-2,
            lr_discriminator: 2e-3,
            lr_encoder: 2e-3,
            ..Self::default()
        };
        vec![
            tiny.clone(),
            Self { prior: PriorKind::Mixture, ..tiny.clone() },
            Self { prior: PriorKind::SwissRoll, ..tiny.clone() },
            Self { prior: PriorKind::Uniform, ..tiny.clone() },
            Self { prior: PriorKind::CategoricalGaussian, latent: 5, ..tiny.clone() },
            Self { decoder: Likelihood::Categorical, ..tiny.clone() },
            Self { decoder: Likelihood::Gaussian, ..tiny.clone() },
            Self { network: Network::Conv, channels: 4, ..tiny.clone() },
            Self { network: Network::Conv, channels: 4, decoder: Likelihood::Categorical, ..tiny },
        ]
    }

    fn build(&self, data: &DataShape, seed: u64, device: &Device) -> Box<dyn Trainer> {
        Box::new(AaeTrainer::new(self, data, seed, device))
    }
}
