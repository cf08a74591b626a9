//! Numbers of parameters of the two networks of a VAE.

use protocol::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::numbers::perceptron;
use super::{Count, FactConfig};

/// Settings of `vae`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Vae {
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

impl Default for Vae {
    fn default() -> Self {
        Self { pixels: 784, hidden: 256, latent: 32 }
    }
}

impl FactConfig for Vae {
    const NAME: &'static str = "vae";
    const ABOUT: &'static str = "Inputs, outputs, purpose and parameters of the two networks of a VAE.";

    fn count(&self) -> Result<Vec<Count>, Problem> {
        let Self { pixels, hidden, latent } = *self;
        Ok(vec![
            Count::new(
                format!("VAE, encoder: {pixels} pixels in, mean and log-variance of {latent} numbers out"),
                &perceptron(pixels, hidden, 2 * latent),
                "learns q(z|x), the posterior of the latent; maximises a bound on log p(x)",
            ),
            Count::new(
                format!("VAE, decoder: {latent} numbers in, log-odds of {pixels} pixels out"),
                &perceptron(latent, hidden, pixels),
                "learns p(x|z), the distribution of an image; maximises the same bound",
            ),
        ])
    }
}
