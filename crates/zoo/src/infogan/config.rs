//! Settings of `infogan`.

use burn::prelude::Device;
use data::DataShape;
use engine::{CodeShape, ModelConfig, Trainer};
use nn::Halvings;
use protocol::{Problem, Support};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::trainer::InfoGanTrainer;
use crate::latent::{Network, NetworkSettings};
use protocol::check::{at_most, learning_rate, positive};

/// Settings of `infogan`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct InfoGanConfig {
    /// What G and D are made of: mlp or conv, the latter as in `dcgan`.
    pub(super) network: Network,
    /// With mlp, hidden units of each layer of G and of D.
    pub(super) hidden: usize,
    /// With mlp, hidden layers of each.
    pub(super) layers: usize,
    /// With conv, feature maps next to the image; twice as many after each halving.
    pub(super) channels: usize,
    /// Number of latent dimensions, 1 to 65,536.
    pub(super) latent: usize,
    /// Categories that the code chooses one from; 0 for none.
    pub(super) categories: usize,
    /// Continuous numbers of the code, each uniform on [-1, 1].
    pub(super) continuous: usize,
    /// The weight of the bound on the category's information; 0 leaves a GAN whose code is not asked for.
    pub(super) information: f64,
    /// The same of the continuous numbers, whose information has no ceiling.
    pub(super) information_continuous: f64,
    /// With mlp, the share of D's hidden units that are dropped at each step.
    pub(super) dropout: f64,
    /// Learning rate of Adam for the generator, above 0, at most 10.
    pub(super) lr_generator: f64,
    /// Learning rate of Adam for the discriminator and the code reader, above 0, at most 10.
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
    /// What the code is made of.
    pub(super) fn code(&self) -> CodeShape {
        CodeShape { categories: self.categories, continuous: self.continuous }
    }

    /// Images drawn or looked at at once.
    pub(super) fn images_at_once(&self, data: &DataShape) -> usize {
        match self.network {
            Network::Mlp => 1_000,
            Network::Conv => Halvings::images_at_once(data, self.channels, data.channels),
        }
    }
}

impl ModelConfig for InfoGanConfig {
    const NAME: &'static str = "infogan";
    const ABOUT: &'static str = "adversarial network with a code of categories and numbers that images give back";

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        if data.support == Support::Real {
            return Err(Problem::new("", "the generator's pixels lie in [0, 1], the data's do not"));
        }
        let Self { network, hidden, layers, channels, .. } = *self;
        NetworkSettings { network, hidden, layers, channels }.check(data)?;
        at_most("layers", layers, 8)?;
        positive("latent", self.latent)?;
        if self.categories == 1 || self.categories > 1_000 {
            return Err(Problem::new("categories", format!("{} categories are no choice", self.categories))
                .help("2 to 1000, or 0 for a code without a category"));
        }
        if self.continuous > 100 {
            return Err(Problem::new("continuous", format!("{} is out of range", self.continuous)).help("at most 100"));
        }
        if self.categories + self.continuous == 0 {
            return Err(Problem::new("categories", "there is no code").help("categories, continuous numbers, or both"));
        }
        for (path, weight) in
            [("information", self.information), ("information_continuous", self.information_continuous)]
        {
            if !(0.0..=1_000.0).contains(&weight) {
                return Err(Problem::new(path, format!("{weight} is no weight")).help("from 0 to 1000; 1 in the paper"));
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
