//! Number of parameters of order-k tables.

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
    /// Number of binary pixels, 1 to 100,000.
    #[schemars(range(min = 1, max = 100_000))]
    pixels: u32,
    /// Number of preceding pixels that each table depends on, below `pixels`.
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
    const ABOUT: &'static str = "Parameters of order-k tables, k = `order`, over `pixels` binary pixels.";

    fn count(&self) -> Result<Vec<Count>, Problem> {
        let Self { pixels, order } = *self;
        if order >= pixels {
            let help = format!("use at most {}", pixels - 1);
            return Err(Problem::new("order", "the order must be below the number of pixels").help(help));
        }
        let free = two_to(order) - 1u8 + BigUint::from(pixels - order) * two_to(order);
        Ok(vec![Count::new(
            format!("parameters of order-{order} tables over {pixels} pixels"),
            &free,
            "2^k - 1 + (n - k) 2^k",
        )])
    }
}
