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

/// State of a submitted trial, as the executor reports it.
#[derive(Clone, Debug, PartialEq)]
pub enum JobState {
    /// The job waits.
    Queued {
        /// Id of the job.
        job: String,
        /// Reason, in the executor's words.
        why: String,
    },
    /// The worker is running.
    Running {
        /// Id of the job.
        job: String,
        /// Name of the machine.
        on: String,
    },
    /// The worker has ended. The trial's record states whether the trial has.
    Ended(JobEnd),
}

/// A place where trials run: this machine or a cluster.
pub trait Executor: fmt::Debug {
    /// Name for `--executor`.
    fn name(&self) -> &'static str;

    /// Runs the open entries: on this machine until they have ended, on a cluster until they are queued. Progress goes to
    /// `out`.
    ///
    /// # Errors
    /// The results folder cannot be written or read, or the executor refuses the work.
    fn work(&self, entries: &[Entry], options: &RunOptions, out: &mut dyn Write) -> Result<RunSummary, RunError>;

    /// States of submitted trials whose end is not acknowledged yet.
    ///
    /// # Errors
    /// The executor does not answer; the states of the trials are then unknown.
    fn poll(&self, grid: &GridDir) -> Result<BTreeMap<TrialId, JobState>, RunError>;

    /// Marks the ends of these trials' jobs as handled, so that `poll` omits them. [`Disposition::Again`] counts as a retry.
    ///
    /// # Errors
    /// The record cannot be written.
    fn acknowledge(&self, grid: &GridDir, acknowledged: &[Acknowledgement]) -> Result<(), RunError>;

    /// Cancels the waiting and running jobs of these trials. Returns the trials that had one.
    ///
    /// # Errors
    /// The executor does not answer, or cannot cancel.
    fn cancel(&self, grid: &GridDir, trials: &[TrialId]) -> Result<Vec<TrialId>, RunError>;
}

/// Decision about an ended job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledgement {
    /// Id of the trial.
    pub trial: TrialId,
    /// Decision.
    pub then: Disposition,
}

/// Consequence of the end of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// The trial has ended.
    Over,
    /// The trial resumes from its checkpoint.
    GoesOn,
    /// The trial is retried, which counts as a try.
    Again,
    /// The trial was stopped on request and resumes with the next run.
    Stopped,
}
