//! Number of parameters of a categorical variable.

use num_bigint::BigUint;
use protocol::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Count, FactConfig};

/// Settings of `categorical`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Categorical {
    /// Number of values of the variable, 1 to 1,000,000.
    #[schemars(range(min = 1, max = 1_000_000))]
    values: u32,
}

impl Default for Categorical {
    fn default() -> Self {
        Self { values: 256 }
    }
}

impl FactConfig for Categorical {
    const NAME: &'static str = "categorical";
    const ABOUT: &'static str = "Free parameters of a categorical variable with `values` values.";

    fn count(&self) -> Result<Vec<Count>, Problem> {
        let Self { values } = *self;
        let free = BigUint::from(values - 1);
        Ok(vec![Count::new(
            format!("free parameters of a variable with {values} values"),
            &free,
            "m - 1: probabilities sum to 1",
        )])
    }
}
