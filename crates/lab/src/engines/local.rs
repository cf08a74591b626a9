//! This machine's processes.

use std::collections::BTreeMap;
use std::io::Write;

use protocol::{GridDir, TrialId};

use super::engine::{Engine, Seen, Settled};
use crate::run::{Entry, RunError, RunOptions, RunSummary, on_this_machine, tell_to_end};

/// Worker processes of the one that calls. It remembers nothing: what becomes of them, it sees itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Local;

impl Engine for Local {
    fn name(&self) -> &'static str {
        "local"
    }

    fn work(&self, entries: &[Entry], options: &RunOptions, out: &mut dyn Write) -> Result<RunSummary, RunError> {
        on_this_machine(entries, options, out)
    }

    fn seen(&self, _: &GridDir) -> Result<BTreeMap<TrialId, Seen>, RunError> {
        Ok(BTreeMap::new())
    }

    fn settle(&self, _: &GridDir, _: &[Settled]) -> Result<(), RunError> {
        Ok(())
    }

    /// Ends their runners, and with them whatever else these run.
    fn cancel(&self, grid: &GridDir, trials: &[TrialId]) -> Result<Vec<TrialId>, RunError> {
        let told = tell_to_end(grid)?;
        Ok(if told == 0 { Vec::new() } else { trials.to_vec() })
    }
}
