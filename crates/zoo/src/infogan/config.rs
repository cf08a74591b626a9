//! Settings of `infogan`.

use burn::prelude::Device;
use data::DataShape;
use engine::{CodeShape, ModelConfig, Trainer};
use nn::Halvings;
use protocol::{Problem, Support};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::trainer::InfoGanTrainer;
use crate::gan::real_valued;
use crate::latent::{Network, NetworkSettings};
use protocol::check::{at_most, learning_rate, positive};

/// Settings of `infogan`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct InfoGanConfig {
    /// Architecture of generator and discriminator: mlp, or conv as in `dcgan`.
    pub(super) network: Network,
    /// Number of hidden units per layer of generator and discriminator with mlp, 1 to 65,536.
    #[schemars(range(min = 1, max = 65_536))]
    pub(super) hidden: usize,
    /// Number of hidden layers of generator and discriminator with mlp, 1 to 8.
    #[schemars(range(min = 1, max = 8))]
    pub(super) layers: usize,
    /// Number of channels at half the image size with conv, 1 to 65,536; each further halving doubles it.
    #[schemars(range(min = 1, max = 65_536))]
    pub(super) channels: usize,
    /// Number of latent dimensions, 1 to 65,536.
    #[schemars(range(min = 1, max = 65_536))]
    pub(super) latent: usize,
    /// Number of categories of the code, 2 to 1,000; 0 = a code without a category.
    #[schemars(range(min = 0, max = 1_000), extend("not" = {"const": 1}))]
    pub(super) categories: usize,
    /// Number of continuous numbers of the code, 0 to 100, each uniform on [-1, 1].
    #[schemars(range(min = 0, max = 100))]
    pub(super) continuous: usize,
    /// Weight of the information bound of the category in the loss, 0 to 1000; 0 = a GAN whose category is not read.
    #[schemars(range(min = 0, max = 1_000))]
    pub(super) information: f64,
    /// Weight of the information bound of the continuous numbers in the loss, 0 to 1000; this bound has no maximum.
    #[schemars(range(min = 0, max = 1_000))]
    pub(super) information_continuous: f64,
    /// Dropout probability of the discriminator's hidden units with mlp, 0 to below 1.
    #[schemars(range(min = 0), extend("exclusiveMaximum" = 1))]
    pub(super) dropout: f64,
    /// Learning rate for the generator, above 0, at most 10.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 10))]
    pub(super) lr_generator: f64,
    /// Learning rate for the discriminator and the code reader, above 0, at most 10.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 10))]
    pub(super) lr_discriminator: f64,
}

impl Default for InfoGanConfig {
    fn default() -> Self {
        Self {
            network: Network::Mlp,
            hidden: 256,
            layers: 2,
            channels: 32,
            latent: 32,
            categories: 10,
            continuous: 2,
            information: 1.0,
            information_continuous: 0.1,
            dropout: 0.5,
            lr_generator: 2e-4,
            lr_discriminator: 1e-3,
        }
    }
}

impl InfoGanConfig {
    /// Shape of the code.
    pub(super) fn code(&self) -> CodeShape {
        CodeShape { categories: self.categories, continuous: self.continuous }
    }

    /// Number of images per chunk of a generation or evaluation.
    pub(super) fn images_at_once(&self, data: &DataShape) -> usize {
        match self.network {
            Network::Mlp => 1_000,
            Network::Conv => Halvings::images_at_once(data, self.channels, data.channels),
        }
    }
}

impl ModelConfig for InfoGanConfig {
    const NAME: &'static str = "infogan";
    const ABOUT: &'static str =
        "Generative adversarial network with a code of categories and numbers that is read back from images (InfoGAN).";
    // 2: the discriminator sees pixels in [-1, 1].
    const VERSION: u32 = 2;

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        if data.support == Support::Real {
            return Err(real_valued());
        }
        let Self { network, hidden, layers, channels, .. } = *self;
        NetworkSettings { network, hidden, layers, channels }.check(data)?;
        at_most("layers", layers, 8)?;
        positive("latent", self.latent)?;
        if self.categories == 1 || self.categories > 1_000 {
            return Err(Problem::new(
                "categories",
                format!("{} is not a number of categories to choose from", self.categories),
            )
            .help("use 2 to 1000, or 0 for a code without a category"));
        }
        if self.continuous > 100 {
            return Err(Problem::new("continuous", format!("{} is out of range", self.continuous)).help("at most 100"));
        }
        if self.categories + self.continuous == 0 {
            return Err(
                Problem::new("categories", "the code is empty").help("set `categories`, `continuous` or both above 0")
            );
        }
        for (path, weight) in
            [("information", self.information), ("information_continuous", self.information_continuous)]
        {
            if !(0.0..=1_000.0).contains(&weight) {
                return Err(
                    Problem::new(path, format!("{weight} is out of range")).help("from 0 to 1000; the paper uses 1")
                );
            }
        }
        nn::dropout::check("dropout", self.dropout)?;
        learning_rate("lr_generator", self.lr_generator)?;
        learning_rate("lr_discriminator", self.lr_discriminator)
    }

    fn tiny() -> Vec<Self> {
        let tiny = Self {
            hidden: 16,
            latent: 3,
            categories: 3,
            continuous: 1,
            dropout: 0.2,
            lr_generator: 2e-3,
            lr_discriminator: 2e-3,
            ..Self::default()
        };
        vec![
            tiny.clone(),
            Self { network: Network::Conv, channels: 4, ..tiny.clone() },
            Self { continuous: 0, layers: 1, ..tiny.clone() },
            Self { categories: 0, continuous: 2, dropout: 0.0, ..tiny },
        ]
    }

    fn build(&self, data: &DataShape, seed: u64, device: &Device) -> Box<dyn Trainer> {
        Box::new(InfoGanTrainer::new(self, data, seed, device))
    }
}
