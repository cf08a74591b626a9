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
    /// The timing pass, which counts the work of a few steps. The figures repeat on one machine.
    CountingPass,
}

impl TakenBy {
    /// Returns whether the measure is taken after the grid, not by the worker.
    #[must_use]
    pub fn is_after_grid(self) -> bool {
        self != Self::Worker
    }

    /// Default for a record without this property, which is older than the property. At that time `throughput` was the
    /// only measure of the timing pass.
    pub(crate) fn unstated(measure: &str) -> Self {
        if measure == "throughput" { Self::TimingPass } else { Self::Worker }
    }
}
