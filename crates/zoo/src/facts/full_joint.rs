//! Numbers of states and parameters of the joint distribution of binary pixels.

use num_bigint::BigUint;
use protocol::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::numbers::two_to;
use super::{Count, FactConfig};

/// Settings of `full_joint`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct FullJoint {
    /// Number of binary pixels, 1 to 100,000.
    #[schemars(range(min = 1, max = 100_000))]
    pixels: u32,
}

impl Default for FullJoint {
    fn default() -> Self {
        Self { pixels: 784 }
    }
}

impl FactConfig for FullJoint {
    const NAME: &'static str = "full_joint";
    const ABOUT: &'static str = "States and parameters of the joint distribution of `pixels` binary pixels.";

    fn count(&self) -> Result<Vec<Count>, Problem> {
        let Self { pixels } = *self;
        let states = two_to(pixels);
        let free = &states - 1u8;
        Ok(vec![
            Count::new(format!("states of {pixels} binary pixels"), &states, format!("2^{pixels}")),
            Count::new("free parameters of the full joint", &free, format!("2^{pixels} - 1")),
            Count::new(
                "free parameters with all pixels independent",
                &BigUint::from(pixels),
                "n, for the same number of states",
            ),
        ])
    }
}
