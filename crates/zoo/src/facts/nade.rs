//! Numbers of parameters of NADE and of unshared networks.

use num_bigint::BigUint;
use protocol::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Count, FactConfig};

/// Settings of `nade`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Nade {
    /// Number of binary pixels, 1 to 1,000,000.
    #[schemars(range(min = 1, max = 1_000_000))]
    pixels: u32,
    /// Number of hidden units, 1 to 1,000,000.
    #[schemars(range(min = 1, max = 1_000_000))]
    hidden: u32,
}

impl Default for Nade {
    fn default() -> Self {
        Self { pixels: 784, hidden: 500 }
    }
}

impl FactConfig for Nade {
    const NAME: &'static str = "nade";
    const ABOUT: &'static str = "Parameters of NADE, and of one unshared network per pixel.";

    fn count(&self) -> Result<Vec<Count>, Problem> {
        let Self { pixels, hidden } = *self;
        let (n, h) = (BigUint::from(pixels), BigUint::from(hidden));
        let shared = BigUint::from(2u8) * &n * &h + &n + &h;
        // The separate network of pixel i has i inputs, h hidden units with biases and one output.
        let unshared = &h * (&n * (&n - 1u8) / 2u8) + &n * (BigUint::from(2u8) * &h + 1u8);
        Ok(vec![
            Count::new(
                format!("parameters of NADE with {hidden} hidden units over {pixels} pixels"),
                &shared,
                "2nh + n + h",
            ),
            Count::new("parameters of one unshared network per pixel", &unshared, "h n (n - 1) / 2 + n (2h + 1)"),
        ])
    }
}
