//! Number of parameters of the chain rule without independence assumptions.

use num_bigint::BigUint;
use protocol::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::numbers::two_to;
use super::{Count, FactConfig};

/// Settings of `chain_rule`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct ChainRule {
    /// Number of binary pixels, 1 to 100,000.
    #[schemars(range(min = 1, max = 100_000))]
    pixels: u32,
}

impl Default for ChainRule {
    fn default() -> Self {
        Self { pixels: 784 }
    }
}

impl FactConfig for ChainRule {
    const NAME: &'static str = "chain_rule";
    const ABOUT: &'static str =
        "Parameters of the chain rule without independence assumptions, minus those of the full joint.";

    fn count(&self) -> Result<Vec<Count>, Problem> {
        let Self { pixels } = *self;
        // Pixel i has 2^i contexts. They are summed one by one, independently of the formula for the joint.
        let sum: BigUint = (0..pixels).map(two_to).sum();
        let joint = two_to(pixels) - 1u8;
        let note = if sum == joint { "equal: the chain rule alone saves no parameters" } else { "not equal" };
        Ok(vec![Count::new(
            format!("1 + 2 + 4 + ... over {pixels} pixels, minus the full joint's 2^n - 1"),
            &(&sum - &joint),
            note,
        )])
    }
}
