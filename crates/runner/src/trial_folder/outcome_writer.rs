//! Outcome that the parent writes for a worker that wrote none.

use std::time::{SystemTime, UNIX_EPOCH};

use protocol::outcome::OUTCOME_SCHEMA;
use protocol::{FolderLock, Outcome, Status, atomic, outcome_in, set_aside};

use super::prepare::Entry;
use super::trace_tail::TraceSummary;
use crate::error::{RunError, at};
use crate::machine::host;
use crate::options::RunOptions;

/// Writes the outcome under the folder's lock. A damaged outcome is renamed first. Steps and times come from the worker's trace.
pub(crate) fn write_outcome(
    held: &FolderLock,
    entry: &Entry,
    status: &Status,
    started: u32,
    options: &RunOptions,
) -> Result<(), RunError> {
    set_aside(held, &entry.dir).map_err(at(&entry.dir.0))?;
    // A record of a newer genbench stays.
    outcome_in(&entry.dir).map_err(RunError::Record)?;
    let trace = TraceSummary::read(&entry.dir.trace());
    let outcome = Outcome {
        schema: OUTCOME_SCHEMA,
        trial: entry.id.clone(),
        status: status.clone(),
        attempts: trace.attempts.max(started),
        genbench: options.genbench.clone(),
        build: options.build.clone(),
        ended_unix_ms: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64),
        host: host(if entry.trial.device == "flex" { 1 } else { crate::machine::cores() }),
        device: None,
        data: None,
        steps: trace.steps,
        kept_step: None,
        train_s: trace.train_s,
        parameters: None,
    };
    atomic::write_json(&entry.dir.outcome(), &outcome).map_err(at(&entry.dir.outcome()))
}
