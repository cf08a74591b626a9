//! Order-k Markov tables in raster order: each pixel given the k before it.
//!
//! With k = 1 the first-order Markov assumption of 2n - 1 parameters; in general
//! 2^k - 1 + (n - k) 2^k.

use burn::prelude::Device;
use data::DataShape;
use engine::{ModelConfig, Trainer};
use protocol::Problem;
use serde::{Deserialize, Serialize};

use crate::table::{self, Table, TableTrainer};

/// Settings of `markov`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Markov {
    /// How many pixels back each pixel looks.
    order: usize,
}

impl Default for Markov {
    fn default() -> Self {
        Self { order: 1 }
    }
}

impl ModelConfig for Markov {
    const NAME: &'static str = "markov";
    const ABOUT: &'static str = "order-k tables in raster order, counted: 2^k - 1 + (n - k) 2^k parameters";

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        table::check(self.order, data)
    }

    fn tiny() -> Self {
        Self { order: 2 }
    }

    fn build(&self, data: &DataShape, _seed: u64, _device: &Device) -> Box<dyn Trainer> {
        Box::new(TableTrainer(Table::new(self.order, data.pixels())))
    }
}
