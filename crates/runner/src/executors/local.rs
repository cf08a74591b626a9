//! Executor with worker processes on this machine.

use std::collections::BTreeMap;
use std::io::Write;

use protocol::{GridDir, TrialId};

use super::executor::{Acknowledgement, Executor, JobState};
use crate::dispatcher::on_this_machine;
use crate::error::RunError;
use crate::options::RunOptions;
use crate::runner_file::request_termination;
use crate::summary::RunSummary;
use crate::trial_folder::Entry;

/// Executor with worker processes on this machine. It has no state: the run itself records the end of its workers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Local;

impl Executor for Local {
    fn name(&self) -> &'static str {
        "local"
    }

    fn work(&self, entries: &[Entry], options: &RunOptions, out: &mut dyn Write) -> Result<RunSummary, RunError> {
        on_this_machine(entries, options, out)
    }

    fn poll(&self, _: &GridDir) -> Result<BTreeMap<TrialId, JobState>, RunError> {
        Ok(BTreeMap::new())
    }

    fn acknowledge(&self, _: &GridDir, _: &[Acknowledgement]) -> Result<(), RunError> {
        Ok(())
    }

    /// Requests the termination of the grid's runners, which ends their other trials as well.
    fn cancel(&self, grid: &GridDir, trials: &[TrialId]) -> Result<Vec<TrialId>, RunError> {
        let runners = request_termination(grid)?;
        Ok(if runners == 0 { Vec::new() } else { trials.to_vec() })
    }
}
