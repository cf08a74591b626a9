//! Throughput: requested in a grid, measured by the timing pass.

use data::DataShape;
use protocol::{Measurement, Problem, TakenBy};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MeasureConfig, MeasureError, Subject};

/// Training, evaluation and sampling throughput, in images per second.
///
/// The figures come from a timing pass after the grid, so that other workers do not slow it down. The pass runs one
/// trial at a time, in short windows that alternate between variants. Timing of a precise figure stops early.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Throughput {
    /// Largest number of windows per figure, 1 to 1,000.
    #[schemars(range(min = 1, max = 1_000))]
    windows: u64,
    /// Least length of a window in seconds, above 0 and at most 60.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 60))]
    seconds: f64,
    /// Relative standard error at which timing stops, after the third window, 0 to 1. With 0, all `windows` are timed.
    #[schemars(range(min = 0, max = 1))]
    precision: f64,
}

impl Default for Throughput {
    fn default() -> Self {
        Self { windows: 5, seconds: 0.3, precision: 0.02 }
    }
}

impl MeasureConfig for Throughput {
    const NAME: &'static str = "throughput";
    const ABOUT: &'static str =
        "training, evaluation and sampling throughput in images/s, from a timing pass after the grid";
    const TAKEN_BY: TakenBy = TakenBy::TimingPass;

    fn check(&self, _data: &DataShape) -> Result<(), Problem> {
        if !(1..=1_000).contains(&self.windows) {
            return Err(Problem::new("windows", format!("{} is out of range", self.windows)).help("between 1 and 1000"));
        }
        if !(self.seconds > 0.0 && self.seconds <= 60.0) {
            return Err(
                Problem::new("seconds", format!("{} is out of range", self.seconds)).help("above 0, at most 60")
            );
        }
        if !(0.0..=1.0).contains(&self.precision) {
            return Err(
                Problem::new("precision", format!("{} is out of range", self.precision)).help("between 0 and 1")
            );
        }
        Ok(())
    }

    fn measure(&self, _subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        Ok(Vec::new())
    }
}
