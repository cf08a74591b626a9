//! Parameters of a GAN's two networks.

use protocol::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::numbers::perceptron;
use super::{Count, FactConfig};

/// Settings of `gan`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Gan {
    /// Pixels of an image.
    #[schemars(range(min = 1, max = 1_000_000))]
    pixels: u32,
    /// Units of each of the two hidden layers.
    #[schemars(range(min = 1, max = 65_536))]
    hidden: u32,
    /// Latent numbers.
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
    const ABOUT: &'static str = "what a GAN's two networks take, give and learn, with their parameters";

    fn count(&self) -> Result<Vec<Count>, Problem> {
        let Self { pixels, hidden, latent } = *self;
        Ok(vec![
            Count::new(
                format!("GAN, discriminator: {pixels} pixels in, one log-odds of being data out"),
                &perceptron(pixels, hidden, 1),
                "learns p_d / (p_d + p_g), an image's share of data; no part of the model afterwards",
            ),
            Count::new(
                format!("GAN, generator: {latent} numbers in, {pixels} grey pixels out"),
                &perceptron(latent, hidden, pixels),
                "learns to draw, without a density; raises the discriminator's error",
            ),
        ])
    }
}
