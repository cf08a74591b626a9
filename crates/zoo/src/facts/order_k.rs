//! Parameters of tables that see the last few pixels.

use num_bigint::BigUint;
use protocol::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::numbers::two_to;
use super::{Count, FactConfig};

/// Settings of `order_k`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct OrderK {
    /// Binary pixels.
    #[schemars(range(min = 1, max = 100_000))]
    pixels: u32,
    /// Pixels that each table sees.
    #[schemars(range(min = 0, max = 99_999))]
    order: u32,
}

impl Default for OrderK {
    fn default() -> Self {
        Self { pixels: 784, order: 1 }
    }
}

impl FactConfig for OrderK {
    const NAME: &'static str = "order_k";
    const ABOUT: &'static str = "parameters of order-`order` tables over `pixels` binary pixels";

    fn count(&self) -> Result<Vec<Count>, Problem> {
        let Self { pixels, order } = *self;
        if order >= pixels {
            let most = format!("at most {}", pixels - 1);
            return Err(Problem::new("order", "looks back further than there are pixels").help(most));
        }
        let free = two_to(order) - 1u8 + BigUint::from(pixels - order) * two_to(order);
        Ok(vec![Count::new(
            format!("parameters of order-{order} tables over {pixels} pixels"),
            &free,
            "2^k - 1 + (n - k) 2^k",
        )])
    }
}
