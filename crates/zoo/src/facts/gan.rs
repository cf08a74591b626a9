//! Numbers of parameters of the two networks of a GAN.

use protocol::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::numbers::perceptron;
use super::{Count, FactConfig};

/// Settings of `gan`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Gan {
    /// Number of pixels per image, 1 to 1,000,000.
    #[schemars(range(min = 1, max = 1_000_000))]
    pixels: u32,
    /// Number of hidden units in each of the two hidden layers, 1 to 65,536.
    #[schemars(range(min = 1, max = 65_536))]
    hidden: u32,
    /// Number of latent dimensions, 1 to 65,536.
    #[schemars(range(min = 1, max = 65_536))]
    latent: u32,
}

impl Default for Gan {
    fn default() -> Self {
        Self { pixels: 784, hidden: 256, latent: 32 }
    }
}

impl FactConfig for Gan {
    const NAME: &'static str = "gan";
    const ABOUT: &'static str = "Inputs, outputs, purpose and parameters of the two networks of a GAN.";

    fn count(&self) -> Result<Vec<Count>, Problem> {
        let Self { pixels, hidden, latent } = *self;
        Ok(vec![
            Count::new(
                format!("GAN, discriminator: {pixels} pixels in, log-odds of being data out"),
                &perceptron(pixels, hidden, 1),
                "learns p_d / (p_d + p_g), the probability of being data; not part of the trained model",
            ),
            Count::new(
                format!("GAN, generator: {latent} numbers in, {pixels} pixels in [0, 1] out"),
                &perceptron(latent, hidden, pixels),
                "learns to draw samples, without a density; maximises the error of the discriminator",
            ),
        ])
    }
}
