//! Values of one quantity over the seeds of a variant.

use protocol::{Direction, TrialId};

/// Values of a quantity over the seeds of a variant, with its error over test images.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sample {
    /// Label of the variant.
    pub(super) variant: String,
    /// Data set of the variant.
    pub(super) data: String,
    /// Trials with a value.
    pub(super) values: Vec<(TrialId, f64)>,
    /// Number of seeds that ended without a value.
    pub(super) lost: usize,
    /// Number of seeds that have not run.
    pub(super) not_run: usize,
    /// Better direction.
    pub(super) direction: Direction,
    /// `true` for a count that does not depend on draws, such as a number of parameters.
    pub(super) is_count: bool,
    /// `true` if the variant is fitted without a seed, so that its trials repeat one computation.
    pub(super) is_closed_form: bool,
    /// `true` for a log-likelihood, whose terms cannot be equal by chance.
    pub(super) is_continuous: bool,
    /// Standard error over test images; `None` for a quantity without one.
    pub(super) se_test: Option<f64>,
    /// Term of each test image, averaged over seeds; `None` if they were not kept.
    pub(super) terms: Option<Vec<f64>>,
    /// Machines on which a time or speed was measured, in words.
    pub(super) machines: Vec<String>,
}

impl Sample {
    /// The number that all seeds share, for an exact count.
    pub(super) fn count(&self) -> Option<f64> {
        let (_, first) = self.values.first()?;
        let is_one = self.is_count && self.not_run == 0 && self.values.iter().all(|(_, value)| value == first);
        is_one.then_some(*first)
    }

    /// The value of a trial.
    pub(super) fn value(&self, trial: &TrialId) -> Option<f64> {
        self.values.iter().find(|(id, _)| id == trial).map(|(_, value)| *value)
    }
}
