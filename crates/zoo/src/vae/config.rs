//! Settings of `vae`.

use burn::prelude::Device;
use data::DataShape;
use engine::{Minimise, ModelConfig, Trainer};
use protocol::{Problem, check};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::network::Vae;
use crate::latent::{Likelihood, LikelihoodSettings, Network, NetworkSettings, Variance};

/// Settings of `vae`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct VaeConfig {
    /// What encoder and decoder are made of.
    pub(super) network: Network,
    /// Of perceptrons: hidden units of each layer of encoder and decoder.
    pub(super) hidden: usize,
    /// Of perceptrons: hidden layers of each; 0 makes both linear.
    pub(super) layers: usize,
    /// Of convolutions: feature maps next to the image; twice as many after each further halving.
    pub(super) channels: usize,
    /// Latent dimensions.
    pub(super) latent: usize,
    /// The distribution of pixels given z.
    pub(super) decoder: Likelihood,
    /// Of a Gaussian decoder: what its standard deviation is.
    pub(super) variance: Variance,
    /// Of a Gaussian decoder: the fixed standard deviation, or the one that a shared one starts from.
    pub(super) sigma: f64,
    /// What is raised.
    pub(super) objective: Bound,
    /// Importance draws of `iwae`.
    pub(super) k: usize,
    /// The weight of the KL in training.
    pub(super) beta: f64,
    /// Steps over which the KL's weight rises linearly to `beta`.
    pub(super) warmup_steps: u64,
    /// Learning rate of Adam.
    pub(super) lr: f64,
}

/// The bound that training raises.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Bound {
    /// The evidence lower bound.
    #[default]
    Elbo,
    /// The importance-weighted bound of k draws.
    Iwae,
}

impl Default for VaeConfig {
    fn default() -> Self {
        Self {
            network: Network::Mlp,
            hidden: 400,
            layers: 1,
            channels: 32,
            latent: 20,
            decoder: Likelihood::Bernoulli,
            variance: Variance::Shared,
            sigma: 1.0,
            objective: Bound::Elbo,
            k: 5,
            beta: 1.0,
            warmup_steps: 0,
            lr: 1e-3,
        }
    }
}

impl VaeConfig {
    pub(super) fn likelihood(&self) -> LikelihoodSettings {
        LikelihoodSettings { decoder: self.decoder, variance: self.variance, sigma: self.sigma }
    }

    pub(super) fn network_settings(&self) -> NetworkSettings {
        let Self { network, hidden, layers, channels, .. } = *self;
        NetworkSettings { network, hidden, layers, channels }
    }

    /// Whether the loss is the negative ELBO itself.
    pub(super) fn is_plain(&self) -> bool {
        self.beta == 1.0 && self.warmup_steps == 0
    }
}

impl ModelConfig for VaeConfig {
    const NAME: &'static str = "vae";
    const ABOUT: &'static str =
        "variational auto-encoder over binary, grey or real pixels: a lower bound on the density";

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        self.likelihood().check(data)?;
        self.network_settings().check(data)?;
        check::positive("latent", self.latent)?;
        if self.layers > 8 {
            return Err(Problem::new("layers", format!("{} is out of range", self.layers)).help("between 0 and 8"));
        }
        check::at_most("k", self.k, 1_000)?;
        if !(self.beta >= 0.0 && self.beta <= 1_000.0) {
            return Err(
                Problem::new("beta", format!("{} is no weight", self.beta)).help("from 0 to 1000; 1 is the ELBO")
            );
        }
        if self.objective == Bound::Iwae && !self.is_plain() {
            let setting = if self.beta == 1.0 { "warmup_steps" } else { "beta" };
            return Err(Problem::new(setting, "importance weights have no KL to weigh")
                .help("`objective: elbo`, or `beta: 1` and `warmup_steps: 0`"));
        }
        check::learning_rate("lr", self.lr)
    }

    fn tiny() -> Vec<Self> {
        let tiny = Self { hidden: 8, latent: 2, lr: 1e-2, ..Self::default() };
        let gaussian = Self { decoder: Likelihood::Gaussian, ..tiny.clone() };
        vec![
            tiny.clone(),
            Self { layers: 2, objective: Bound::Iwae, ..tiny.clone() },
            Self { beta: 0.5, warmup_steps: 50, ..tiny.clone() },
            Self { decoder: Likelihood::Categorical, ..tiny.clone() },
            Self { network: Network::Conv, channels: 4, ..tiny.clone() },
            Self { network: Network::Conv, channels: 4, decoder: Likelihood::Categorical, ..tiny },
            Self { variance: Variance::Fixed, ..gaussian.clone() },
            Self { layers: 0, ..gaussian.clone() },
            Self { variance: Variance::PerPixel, ..gaussian },
        ]
    }

    fn build(&self, data: &DataShape, seed: u64, device: &Device) -> Box<dyn Trainer> {
        let adam = nn::adam(0.9);
        Box::new(Minimise::new(Vae::new(self, data, seed, device), adam, self.lr))
    }
}
