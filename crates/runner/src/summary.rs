//! Summary of a run.

use std::collections::BTreeMap;

use protocol::{Status, TrialId, Unreadable, exit};

use crate::timing::TimingSummary;

/// Summary of a run.
#[derive(Clone, Debug, Default)]
pub struct RunSummary {
    /// Trials finished during this run, also by another runner.
    pub done: Vec<TrialId>,
    /// Trials that were done before this run.
    pub skipped: Vec<TrialId>,
    /// Failed trials of this run and earlier ones, with their status.
    pub failed: Vec<(TrialId, Status)>,
    /// Trials with a record that cannot be used, which were not run.
    pub unreadable: Vec<(TrialId, Unreadable)>,
    /// Trials without an outcome, because the run was stopped.
    pub left: Vec<TrialId>,
    /// `true` if the run was stopped.
    pub stopped: bool,
    /// `true` if the run was stopped by the limit on failures.
    pub too_many_failures: bool,
    /// Summary of the timing pass, if one was run.
    pub timing: Option<TimingSummary>,
    /// Wall time of the run, in seconds.
    pub wall_s: f64,
}

impl RunSummary {
    /// Number of trials per status; `interrupted` for those that have not ended, `unreadable` for those that were not run.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<&'static str, usize> {
        let mut counts = BTreeMap::new();
        let words = self.failed.iter().map(|(_, status)| status.word());
        let done = self.done.iter().chain(&self.skipped).map(|_| Status::Done.word());
        for word in words.chain(done).chain(self.left.iter().map(|_| "interrupted")) {
            *counts.entry(word).or_default() += 1;
        }
        if !self.unreadable.is_empty() {
            counts.insert("unreadable", self.unreadable.len());
        }
        counts
    }

    /// Exit code of `genbench run`: [`exit::INTERRUPTED`] if the run was stopped with trials left (unless by the limit on
    /// failures), [`exit::ENVIRONMENT`] for an unreadable record, [`exit::TRIALS_FAILED`], [`exit::NOTHING`] for a plan without
    /// trials, or [`exit::DONE`].
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        let timing_stopped = self.timing.as_ref().is_some_and(|timing| timing.stopped);
        if timing_stopped || !self.left.is_empty() && !self.too_many_failures {
            exit::INTERRUPTED
        } else if !self.unreadable.is_empty() {
            exit::ENVIRONMENT
        } else if !self.failed.is_empty() {
            exit::TRIALS_FAILED
        } else if self.done.is_empty() && self.skipped.is_empty() {
            exit::NOTHING
        } else {
            exit::DONE
        }
    }
}
