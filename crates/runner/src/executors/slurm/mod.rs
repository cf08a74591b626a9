//! Array jobs on a Slurm cluster.
//!
//! A submission is a folder `results/<grid>/slurm/<number>/` with the batch script, the list of its
//! trials (line N is array task N) and a record. The batch script becomes the worker (`exec`), so that Slurm's
//! signals reach it and its exit code reaches Slurm.

mod arrays;
mod commands;
mod follow;
mod poll;
mod queue;
mod script;
mod submission;
mod submit;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use protocol::{GridDir, TrialId};

use super::executor::{Acknowledgement, Executor, JobState};
use super::settings::Settings;
use crate::error::RunError;
use crate::options::RunOptions;
use crate::summary::RunSummary;
use crate::trial_folder::Entry;
pub(super) use script::quoted;
use submission::Submission;

/// See the module.
#[derive(Clone, Debug, Default)]
pub struct Slurm {
    /// What each trial is given.
    pub settings: Settings,
    /// Wait until every trial is over, and submit again what is to go on.
    pub follow: bool,
}

impl Slurm {
    /// Whether trials of this grid were given to Slurm before.
    #[must_use]
    pub fn has_been_at(grid: &GridDir) -> bool {
        grid.file(submission::FOLDER).exists()
    }
}

impl Executor for Slurm {
    fn name(&self) -> &'static str {
        "slurm"
    }

    fn work(&self, entries: &[Entry], options: &RunOptions, out: &mut dyn Write) -> Result<RunSummary, RunError> {
        submit::work(self, entries, options, out)
    }

    fn poll(&self, grid: &GridDir) -> Result<BTreeMap<TrialId, JobState>, RunError> {
        poll::seen(&mut Submission::all(grid)?)
    }

    fn acknowledge(&self, grid: &GridDir, acknowledged: &[Acknowledgement]) -> Result<(), RunError> {
        let mut all = Submission::all(grid)?;
        let newest = submission::newest(&all);
        for Acknowledgement { trial, then } in acknowledged {
            if let Some((at, task)) = newest.get(trial) {
                all[*at].acknowledge(*task, *then);
            }
        }
        all.iter_mut().try_for_each(Submission::save)
    }

    fn cancel(&self, grid: &GridDir, trials: &[TrialId]) -> Result<Vec<TrialId>, RunError> {
        let seen = self.poll(grid)?;
        let mut jobs = BTreeSet::new();
        let mut known = Vec::new();
        for id in trials {
            if let Some(JobState::Queued { job, .. } | JobState::Running { job, .. }) = seen.get(id) {
                jobs.insert(job.clone());
                known.push(id.clone());
            }
        }
        commands::scancel(&jobs)?;
        Ok(known)
    }
}
