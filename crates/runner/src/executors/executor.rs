//! Interface of an executor: submit, poll, acknowledge, cancel.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write;

use protocol::{GridDir, TrialId};

use super::job_end::JobEnd;
use crate::error::RunError;
use crate::options::RunOptions;
use crate::summary::RunSummary;
use crate::trial_folder::Entry;

/// What an executor knows of a trial that it was given.
#[derive(Clone, Debug, PartialEq)]
pub enum JobState {
    /// It waits.
    Queued {
        /// Its job.
        job: String,
        /// What for, in the executor's words.
        why: String,
    },
    /// Its worker is alive.
    Running {
        /// Its job.
        job: String,
        /// The machine.
        on: String,
    },
    /// Its worker is gone. Whether the trial is over says its own record.
    Ended(JobEnd),
}

/// What trials are worked on by.
pub trait Executor: fmt::Debug {
    /// As `--executor` names it.
    fn name(&self) -> &'static str;

    /// Brings the entries that are open to work: on this machine until they are over, on a
    /// cluster until they are queued. Progress goes to `out`.
    ///
    /// # Errors
    /// The results folder cannot be written or read, or the executor does not take the work.
    fn work(&self, entries: &[Entry], options: &RunOptions, out: &mut dyn Write) -> Result<RunSummary, RunError>;

    /// What is known of trials that have not been acknowledged; the others are left out.
    ///
    /// # Errors
    /// The executor cannot be asked. That says nothing about the trials.
    fn poll(&self, grid: &GridDir) -> Result<BTreeMap<TrialId, JobState>, RunError>;

    /// The end of these trials' workers has been dealt with: it is not to be seen again.
    /// `again` counts as one more try.
    ///
    /// # Errors
    /// The note cannot be written.
    fn acknowledge(&self, grid: &GridDir, acknowledged: &[Acknowledgement]) -> Result<(), RunError>;

    /// Ends these trials, those that wait and those that run; which of them it knew.
    ///
    /// # Errors
    /// The executor cannot be asked, or has no such thing.
    fn cancel(&self, grid: &GridDir, trials: &[TrialId]) -> Result<Vec<TrialId>, RunError>;
}

/// What was decided about a worker's end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledgement {
    /// The trial.
    pub trial: TrialId,
    /// What.
    pub then: Disposition,
}

/// What follows from a worker's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// The trial is over.
    Over,
    /// It goes on from its checkpoint.
    GoesOn,
    /// It is tried once more, which is counted.
    Again,
    /// It was stopped on request: it goes on when somebody says so.
    Stopped,
}
