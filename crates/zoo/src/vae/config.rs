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
    /// Architecture of encoder and decoder: mlp or conv.
    pub(super) network: Network,
    /// Number of hidden units per layer of encoder and decoder with mlp, 1 to 65,536.
    #[schemars(range(min = 1, max = 65_536))]
    pub(super) hidden: usize,
    /// Number of hidden layers of encoder and decoder with mlp, 0 to 8; 0 makes both linear.
    #[schemars(range(min = 0, max = 8))]
    pub(super) layers: usize,
    /// Number of channels after the first convolution with conv, 1 to 65,536; each further halving doubles it.
    #[schemars(range(min = 1, max = 65_536))]
    pub(super) channels: usize,
    /// Number of latent dimensions, 1 to 65,536.
    #[schemars(range(min = 1, max = 65_536))]
    pub(super) latent: usize,
    /// Distribution of pixels given z: bernoulli (binary pixels), categorical (grey levels) or gaussian (real values).
    pub(super) decoder: Likelihood,
    /// Standard deviation of a gaussian decoder: fixed, shared (learned) or per_pixel (learned).
    pub(super) variance: Variance,
    /// Standard deviation of a gaussian decoder if fixed, its initial value if shared; above 0.001, below 1000.
    #[schemars(extend("exclusiveMinimum" = 0.001, "exclusiveMaximum" = 1000))]
    pub(super) sigma: f64,
    /// Bound that training maximises: elbo or iwae.
    pub(super) objective: Bound,
    /// Number of importance draws of iwae, 1 to 1,000.
    #[schemars(range(min = 1, max = 1_000))]
    pub(super) k: usize,
    /// Weight of the KL in the training loss, 0 to 1000; 1 = ELBO. Other values require `objective: elbo`.
    #[schemars(range(min = 0, max = 1_000))]
    pub(super) beta: f64,
    /// Number of steps over which the weight of the KL rises linearly to `beta`; 0 = none. Others require `elbo`.
    pub(super) warmup_steps: u64,
    /// Learning rate, above 0, at most 10.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 10))]
    pub(super) lr: f64,
}

/// Bound that training maximises.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Bound {
    /// Evidence lower bound.
    #[default]
    Elbo,
    /// Importance-weighted bound with k draws.
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

    /// Returns whether the loss is the negative ELBO itself.
    pub(super) fn is_plain(&self) -> bool {
        self.beta == 1.0 && self.warmup_steps == 0
    }
}

impl ModelConfig for VaeConfig {
    const NAME: &'static str = "vae";
    const ABOUT: &'static str =
        "Variational autoencoder over binary pixels, grey levels or real values; a lower bound on the log-density.";

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
                Problem::new("beta", format!("{} is out of range", self.beta)).help("from 0 to 1000; 1 is the ELBO")
            );
        }
        if self.objective == Bound::Iwae && !self.is_plain() {
            let setting = if self.beta == 1.0 { "warmup_steps" } else { "beta" };
            return Err(Problem::new(setting, "the importance-weighted bound has no KL term to weight")
                .help("set `objective: elbo`, or `beta: 1` and `warmup_steps: 0`"));
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
