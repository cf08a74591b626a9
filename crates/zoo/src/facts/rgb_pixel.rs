//! Numbers of states and parameters of one RGB pixel.

use num_bigint::BigUint;
use protocol::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Count, FactConfig};

/// Settings of `rgb_pixel`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct RgbPixel {
    /// Number of levels per channel, 2 to 65,536.
    #[schemars(range(min = 2, max = 65_536))]
    levels: u32,
}

impl Default for RgbPixel {
    fn default() -> Self {
        Self { levels: 256 }
    }
}

impl FactConfig for RgbPixel {
    const NAME: &'static str = "rgb_pixel";
    const ABOUT: &'static str = "States and parameters of one RGB pixel with `levels` levels per channel.";

    fn count(&self) -> Result<Vec<Count>, Problem> {
        let Self { levels } = *self;
        let states = BigUint::from(levels).pow(3);
        let free = &states - 1u8;
        let slip = BigUint::from(levels - 1).pow(3);
        Ok(vec![
            Count::new(format!("states of one RGB pixel with {levels} levels"), &states, "levels^3"),
            Count::new("free parameters of its joint", &free, "levels^3 - 1"),
            Count::new(
                "free parameters with three independent channels",
                &BigUint::from(3 * (levels - 1)),
                "3 (levels - 1)",
            ),
            Count::new(
                "(levels - 1)^3, as in the lecture notes",
                &slip,
                "a mistake in the notes: the count of neither the joint nor independent channels",
            ),
        ])
    }
}
