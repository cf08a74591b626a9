//! The outcome that the parent writes for a worker that could not.

use std::time::{SystemTime, UNIX_EPOCH};

use protocol::outcome::OUTCOME_SCHEMA;
use protocol::{Outcome, Status, atomic};

use super::error::at;
use super::lock::FolderLock;
use super::machine::host;
use super::prepare::Entry;
use super::tail::Trail;
use super::{RunError, RunOptions};

/// Writes the outcome, under the folder's lock. What the worker had done comes from its trace.
pub(crate) fn write_outcome(
    _held: &FolderLock,
    entry: &Entry,
    status: &Status,
    started: u32,
    options: &RunOptions,
) -> Result<(), RunError> {
    let trail = Trail::read(&entry.dir.trace());
    let outcome = Outcome {
        schema: OUTCOME_SCHEMA,
        trial: entry.id.clone(),
        status: status.clone(),
        attempts: trail.attempts.max(started),
        genbench: options.genbench.clone(),
        ended_unix_ms: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64),
        host: host(if entry.trial.device == "flex" { 1 } else { super::machine::cores() }),
        device: None,
        data: None,
        steps: trail.steps,
        kept_step: None,
        train_s: trail.train_s,
        parameters: None,
    };
    atomic::write_json(&entry.dir.outcome(), &outcome).map_err(at(&entry.dir.outcome()))
}
