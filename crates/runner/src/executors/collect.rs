//! Outcomes of trials whose job died, written by the first process that polls the executor.

use std::collections::{BTreeMap, HashSet};

use protocol::{
    FolderLock, GridDir, Plan, Remedy, Status, Trial, TrialDir, TrialId, Unreadable, final_status, outcome_in,
};

use super::executor::{Acknowledgement, Disposition, Executor, JobState};
use super::job_end::{EndCause, JobEnd, classify_end};
use crate::error::RunError;
use crate::options::RunOptions;
use crate::outcome_class::ExitClass;
use crate::trial_folder::{Entry, TraceSummary, text_after, write_outcome};

/// Largest part of a worker's stderr in an outcome, in bytes.
const TAIL: u64 = 4096;

/// Result of polling the executor for ended jobs.
#[derive(Clone, Debug, Default)]
pub struct Collected {
    /// Trials whose outcome was written, with their status.
    pub written: Vec<(TrialId, Status)>,
    /// Trials to be submitted again, because they have a checkpoint or their node died.
    pub again: Vec<TrialId>,
    /// Trials stopped on request.
    pub stopped: Vec<TrialId>,
}

/// Polls the executor for ended jobs without an outcome, and writes their outcomes. A folder that a worker holds is not
/// changed.
///
/// # Errors
/// The executor does not answer, or a record cannot be read or written.
pub fn collect(executor: &dyn Executor, plan: &Plan, options: &RunOptions) -> Result<Collected, RunError> {
    let grid = GridDir::new(&options.results, &plan.grid);
    let states = executor.poll(&grid)?;
    if states.is_empty() {
        return Ok(Collected::default());
    }
    let trials: Vec<_> = plan.trials.iter().map(|trial| (grid.id(trial), trial)).collect();
    record_ends(executor, &grid, trials.iter().map(|(id, trial)| (id, *trial)), &states, options)
}

/// Records the end of every ended job in `states`.
pub(super) fn record_ends<'a>(
    executor: &dyn Executor,
    grid: &GridDir,
    trials: impl Iterator<Item = (&'a TrialId, &'a Trial)>,
    states: &BTreeMap<TrialId, JobState>,
    options: &RunOptions,
) -> Result<Collected, RunError> {
    let mut collected = Collected::default();
    let mut known = HashSet::new();
    let mut acknowledged = Vec::new();
    for (id, trial) in trials {
        let Some(JobState::Ended(end)) = states.get(id).filter(|_| known.insert(id)) else { continue };
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
    match final_status(dir, trial) {
        Ok(Some(_)) if !failed_after_done(end) => return Ok(Some(Disposition::Over)),
        // A record that stays as it is: `run` and `status` list it.
        Err(error) if Unreadable::of(&error).remedy != Remedy::RunAgain => return Ok(None),
        _ => {}
    }
    let Some(lock) = FolderLock::take(dir).map_err(|source| RunError::File { path: dir.lock(), source })? else {
        return Ok(None);
    };
    let trace = TraceSummary::read(&dir.trace());
    let from = last_mark(dir, &end.job);
    let tail = from.map(|from| text_after(&dir.stderr(), from, TAIL));
    let outcome = outcome_in(dir).map_err(|error| error.to_string());
    Ok(Some(match classify_end(end, trace.steps, tail.as_deref(), outcome) {
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
        // A full disk does not end the trial: the next run resumes it.
        ExitClass::Interrupted | ExitClass::Disk(_) => {
            collected.stopped.push(id.clone());
            Disposition::Stopped
        }
    }))
}

/// Returns whether the worker failed after it wrote the status done.
fn failed_after_done(end: &JobEnd) -> bool {
    matches!(end.how, EndCause::Exited { code, signal } if signal.is_some() || code.is_some_and(|code| code != 0 && code != 75))
}

/// Offset in a trial's stderr at which its last job begins; the batch script marks it.
fn last_mark(dir: &TrialDir, job: &str) -> Option<u64> {
    let text = std::fs::read(dir.stderr()).ok()?;
    let mark = format!("--- job {job} ");
    let text = String::from_utf8_lossy(&text);
    let at = text.rfind(&mark)?;
    let line = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
    Some(line as u64)
}
