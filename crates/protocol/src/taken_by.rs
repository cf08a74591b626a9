//! The process that takes a measure.

use serde::{Deserialize, Serialize};

/// The process that takes a measure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TakenBy {
    /// The worker, after training. It shares the machine with other workers.
    #[default]
    Worker,
    /// The timing pass after the grid, while no worker trains. The figures are timings.
    TimingPass,
}

impl TakenBy {
    /// Default for a record without this property, which is older than the property. At that time `throughput` was the
    /// only measure of the timing pass.
    pub(crate) fn unstated(measure: &str) -> Self {
        if measure == "throughput" { Self::TimingPass } else { Self::Worker }
    }
}
