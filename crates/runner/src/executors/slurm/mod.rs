//! Array jobs on a Slurm cluster.
//!
//! A submission is a folder `results/<grid>/slurm/<number>/` with the batch script, the list of its trials (line N is array
//! task N) and a record. The batch script replaces itself with the worker (`exec`), so that the worker receives Slurm's
//! signals and Slurm its exit code.

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
use submission::Submission;

/// Executor that submits array jobs to Slurm.
#[derive(Clone, Debug, Default)]
pub struct Slurm {
    /// Settings of the jobs.
    pub settings: Settings,
    /// `true` to wait until every trial has ended, and to submit unfinished trials again.
    pub follow: bool,
}

impl Slurm {
    /// Returns whether trials of this grid were submitted to Slurm before.
    #[must_use]
    pub fn has_submissions(grid: &GridDir) -> bool {
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
        poll::states(&mut Submission::all(grid)?)
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
        let states = self.poll(grid)?;
        let mut all = Submission::all(grid)?;
        let newest = submission::newest(&all);
        let mut jobs = BTreeSet::new();
        let mut known = Vec::new();
        for id in trials {
            if let Some(JobState::Queued { job, .. } | JobState::Running { job, .. }) = states.get(id) {
                jobs.insert(job.clone());
                known.push(id.clone());
            }
        }
        // Recorded first: the controller forgets cancelled tasks that never started.
        let mut record = |cancelled: bool| {
            for (at, task) in known.iter().filter_map(|id| newest.get(id)) {
                all[*at].cancel(*task, cancelled);
            }
            all.iter_mut().try_for_each(Submission::save)
        };
        record(true)?;
        commands::scancel(&jobs).or_else(|error| record(false).and(Err(error)))?;
        Ok(known)
    }
}
