//! This machine's processes.

use std::collections::BTreeMap;
use std::io::Write;

use protocol::{GridDir, TrialId};

use super::executor::{Acknowledgement, Executor, JobState};
use crate::dispatcher::on_this_machine;
use crate::error::RunError;
use crate::options::RunOptions;
use crate::presence::tell_to_end;
use crate::summary::RunSummary;
use crate::trial_folder::Entry;

/// Worker processes of the one that calls. It remembers nothing: what becomes of them, it sees itself.
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

    /// Ends their runners, and with them whatever else these run.
    fn cancel(&self, grid: &GridDir, trials: &[TrialId]) -> Result<Vec<TrialId>, RunError> {
        let told = tell_to_end(grid)?;
        Ok(if told == 0 { Vec::new() } else { trials.to_vec() })
    }
}
