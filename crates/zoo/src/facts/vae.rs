//! Parameters of a VAE's two networks.

use protocol::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::numbers::perceptron;
use super::{Count, FactConfig};

/// Settings of `vae`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Vae {
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

impl Default for Vae {
    fn default() -> Self {
        Self { pixels: 784, hidden: 256, latent: 32 }
    }
}

impl FactConfig for Vae {
    const NAME: &'static str = "vae";
    const ABOUT: &'static str = "what a VAE's two networks take, give and learn, with their parameters";

    fn count(&self) -> Result<Vec<Count>, Problem> {
        let Self { pixels, hidden, latent } = *self;
        Ok(vec![
            Count::new(
                format!("VAE, encoder: {pixels} pixels in, mean and log-variance of {latent} numbers out"),
                &perceptron(pixels, hidden, 2 * latent),
                "learns q(z|x), where an image's latent lies; raises a bound on log p(x)",
            ),
            Count::new(
                format!("VAE, decoder: {latent} numbers in, log-odds of {pixels} pixels out"),
                &perceptron(latent, hidden, pixels),
                "learns p(x|z), a distribution of images; raises the same bound",
            ),
        ])
    }
}
