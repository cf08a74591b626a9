//! Which process takes a measure.

use serde::{Deserialize, Serialize};

/// What takes a measure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TakenBy {
    /// The worker, right after training. It shares the machine with other workers.
    #[default]
    Worker,
    /// The timing pass after the grid, which has the machine for itself. The figures are timings.
    TimingPass,
}

impl TakenBy {
    /// What takes a measure whose record does not state it: records are older than the property, and
    /// `throughput` was the one measure of the timing pass.
    pub(crate) fn unstated(measure: &str) -> Self {
        if measure == "throughput" { Self::TimingPass } else { Self::Worker }
    }
}
