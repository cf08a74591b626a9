//! This machine's processes.

use std::collections::BTreeMap;
use std::io::Write;

use protocol::{GridDir, TrialId};

use super::engine::{Engine, Seen, Settled};
use crate::run::{Entry, RunError, RunOptions, RunSummary, on_this_machine};

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

    fn cancel(&self, _: &GridDir, _: &[TrialId]) -> Result<Vec<TrialId>, RunError> {
        Err(RunError::Engine(
            "trials on this machine end with their runner: press Ctrl-C where it runs, or send it SIGTERM".to_owned(),
        ))
    }
}
