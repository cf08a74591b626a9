//! Counters: requested in a grid, taken in the timing pass.

use protocol::{Measurement, TakenBy};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MeasureConfig, MeasureError, Subject};

/// Counts of the work of one training step, of the evaluation of 100 test images and of 100 samples.
///
/// On the CPU: `allocations`, and their MiB. On a GPU: `launches` of kernels, different `kernels`, `new_kernels` after the first
/// step, and the MiB that the device reserves after it. Two runs of one program on one machine agree in launches, and in
/// allocations up to 0.02%, so `regress` needs no statistics for them.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Counters {}

impl MeasureConfig for Counters {
    const NAME: &'static str = "counters";
    const ABOUT: &'static str = "allocations, or launched kernels, of a training step, of evaluation and of sampling";
    const TAKEN_BY: TakenBy = TakenBy::CountingPass;

    fn measure(&self, _subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        Ok(Vec::new())
    }
}
