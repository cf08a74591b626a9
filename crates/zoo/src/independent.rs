//! Independent pixels: p(x) = prod_i p(x_i), n parameters, counted. The baseline of every comparison.

use burn::prelude::Device;
use data::DataShape;
use engine::{ModelConfig, Trainer};
use protocol::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::table::{self, Table, TableTrainer};

/// No settings: the pseudo-count is chosen on the validation split.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Independent {}

impl ModelConfig for Independent {
    const NAME: &'static str = "independent";
    const ABOUT: &'static str = "Independent binary pixels, counted, exact; n parameters.";

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        table::check(0, data)
    }

    fn closed_form(&self) -> bool {
        true
    }

    fn tiny() -> Vec<Self> {
        vec![Self {}]
    }

    fn build(&self, data: &DataShape, _seed: u64, _device: &Device) -> Box<dyn Trainer> {
        Box::new(TableTrainer(Table::new((0..data.pixels()).collect(), vec![Vec::new(); data.pixels()])))
    }
}
