//! What came of a run.

use std::collections::BTreeMap;

use protocol::{Status, TrialId, exit};

use crate::timing::TimingSummary;

/// What came of a run.
#[derive(Clone, Debug, Default)]
pub struct RunSummary {
    /// Trials that this run brought to their end with success, also those that another runner
    /// finished meanwhile.
    pub done: Vec<TrialId>,
    /// Trials that were done before.
    pub skipped: Vec<TrialId>,
    /// Trials that ended without success, now or before, with their status.
    pub failed: Vec<(TrialId, Status)>,
    /// Trials that have not ended: the run was stopped before.
    pub left: Vec<TrialId>,
    /// Whether it was stopped.
    pub stopped: bool,
    /// Whether it was stopped because as many trials had failed as are allowed to.
    pub too_many_failures: bool,
    /// The timing pass, if there was one.
    pub timing: Option<TimingSummary>,
    /// How long the run took, in seconds.
    pub wall_s: f64,
}

impl RunSummary {
    /// Trials by the word of their status; `interrupted` for those that have not ended.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<&'static str, usize> {
        let mut counts = BTreeMap::new();
        let words = self.failed.iter().map(|(_, status)| status.word());
        let done = self.done.iter().chain(&self.skipped).map(|_| Status::Done.word());
        for word in words.chain(done).chain(self.left.iter().map(|_| "interrupted")) {
            *counts.entry(word).or_default() += 1;
        }
        counts
    }

    /// The exit code of `genbench run`: [`exit::NOTHING`] for a plan without trials,
    /// [`exit::INTERRUPTED`] if it was stopped with work left, unless failures stopped it,
    /// [`exit::TRIALS_FAILED`], or [`exit::DONE`].
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        let timing_stopped = self.timing.as_ref().is_some_and(|timing| timing.stopped);
        if timing_stopped || !self.left.is_empty() && !self.too_many_failures {
            exit::INTERRUPTED
        } else if !self.failed.is_empty() {
            exit::TRIALS_FAILED
        } else if self.done.is_empty() && self.skipped.is_empty() {
            exit::NOTHING
        } else {
            exit::DONE
        }
    }
}
