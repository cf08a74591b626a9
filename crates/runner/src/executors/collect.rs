//! Outcomes for trials whose job died, written by the first process that polls the executor.

use protocol::{final_status, outcome_in};
use std::collections::{BTreeMap, HashSet};

use protocol::{GridDir, Status, Trial, TrialDir, TrialId};

use super::executor::{Acknowledgement, Disposition, Executor, JobState};
use super::job_end::classify_end;
use super::job_end::{EndCause, JobEnd};
use crate::error::RunError;
use crate::options::RunOptions;
use crate::outcome_class::ExitClass;
use crate::trial_folder::{Entry, TraceSummary, text_after, write_outcome};
use protocol::FolderLock;
use protocol::Plan;

/// How much of a worker's stderr an outcome keeps, in bytes.
const TAIL: u64 = 4096;

/// Result of polling the executor for ended jobs.
#[derive(Clone, Debug, Default)]
pub struct Collected {
    /// Trials whose outcome was written, with it.
    pub written: Vec<(TrialId, Status)>,
    /// Trials that are to be submitted again: their checkpoint is there, or their node died.
    pub again: Vec<TrialId>,
    /// Trials that were stopped on request.
    pub stopped: Vec<TrialId>,
}

/// Asks the executor for ends that no trial has recorded, and records them. `genbench` is the version
/// that such an outcome names. A folder that somebody works in is left alone.
///
/// # Errors
/// The executor cannot be asked, or a record cannot be read or written.
pub fn collect(executor: &dyn Executor, plan: &Plan, options: &RunOptions) -> Result<Collected, RunError> {
    let grid = GridDir::new(&options.results, &plan.grid);
    let seen = executor.poll(&grid)?;
    if seen.is_empty() {
        return Ok(Collected::default());
    }
    let trials: Vec<_> = plan.trials.iter().map(|trial| (trial.id(), trial)).collect();
    record_ends(executor, &grid, trials.iter().map(|(id, trial)| (id, *trial)), &seen, options)
}

/// Records the end of every job in `seen`.
pub(super) fn record_ends<'a>(
    executor: &dyn Executor,
    grid: &GridDir,
    trials: impl Iterator<Item = (&'a TrialId, &'a Trial)>,
    seen: &BTreeMap<TrialId, JobState>,
    options: &RunOptions,
) -> Result<Collected, RunError> {
    let mut collected = Collected::default();
    let mut known = HashSet::new();
    let mut acknowledged = Vec::new();
    for (id, trial) in trials {
        let Some(JobState::Ended(end)) = seen.get(id).filter(|_| known.insert(id)) else { continue };
        if let Some(then) = record_end(end, &grid.trial(id), id, trial, options, &mut collected)? {
            acknowledged.push(Acknowledgement { trial: id.clone(), then });
        }
    }
    executor.acknowledge(grid, &acknowledged)?;
    Ok(collected)
}

/// Records one end; `None` while another process holds the folder.
fn record_end(
    end: &JobEnd,
    dir: &TrialDir,
    id: &TrialId,
    trial: &Trial,
    options: &RunOptions,
    collected: &mut Collected,
) -> Result<Option<Disposition>, RunError> {
    if final_status(dir, trial).map_err(RunError::Record)?.is_some() && !unfaithful(end) {
        return Ok(Some(Disposition::Over));
    }
    let Some(lock) = FolderLock::take(dir).map_err(|source| RunError::File { path: dir.lock(), source })? else {
        return Ok(None);
    };
    let trace = TraceSummary::read(&dir.trace());
    let from = last_mark(dir, &end.job);
    let tail = from.map_or(String::new(), |from| text_after(&dir.stderr(), from, TAIL));
    let outcome = outcome_in(dir).map_err(|error| error.to_string());
    Ok(Some(match classify_end(end, trace.steps, &tail, outcome) {
        ExitClass::Over(_) => Disposition::Over,
        ExitClass::Write(status) => {
            let entry = Entry::open(id.clone(), trial.clone(), dir.clone());
            write_outcome(&lock, &entry, &status, 1, options)?;
            collected.written.push((id.clone(), status));
            Disposition::Over
        }
        ExitClass::TryAgain => {
            collected.again.push(id.clone());
            Disposition::Again
        }
        ExitClass::Requeue => {
            collected.again.push(id.clone());
            Disposition::GoesOn
        }
        // A full disk is no end either: the next run goes on.
        ExitClass::Interrupted | ExitClass::Disk(_) => {
            collected.stopped.push(id.clone());
            Disposition::Stopped
        }
    }))
}

/// Whether the worker failed after it had written that all was well.
fn unfaithful(end: &JobEnd) -> bool {
    matches!(end.how, EndCause::Exited { code, signal } if signal.is_some() || code.is_some_and(|code| code != 0 && code != 75))
}

/// Where in a trial's stderr its last job begins: the batch script marks it.
fn last_mark(dir: &TrialDir, job: &str) -> Option<u64> {
    let text = std::fs::read(dir.stderr()).ok()?;
    let mark = format!("--- job {job} ");
    let text = String::from_utf8_lossy(&text);
    let at = text.rfind(&mark)?;
    let line = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
    Some(line as u64)
}
