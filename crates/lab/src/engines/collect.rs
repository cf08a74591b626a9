//! Outcomes for trials whose job has died, written by whoever looks first.

use std::collections::{BTreeMap, HashSet};

use protocol::{GridDir, Status, Trial, TrialDir, TrialId};

use super::end::verdict;
use super::engine::{Engine, Seen, Settled, Then};
use super::{End, How};
use crate::run::{Entry, FolderLock, RunError, RunOptions, Trail, Verdict, text_after, write_outcome};
use crate::{Plan, store};

/// How much of a worker's stderr an outcome keeps, in bytes.
const TAIL: u64 = 4096;

/// What a look at the engine has brought.
#[derive(Clone, Debug, Default)]
pub struct Collected {
    /// Trials whose outcome was written, with it.
    pub written: Vec<(TrialId, Status)>,
    /// Trials that are to be submitted again: their checkpoint is there, or their node died.
    pub again: Vec<TrialId>,
    /// Trials that were stopped on request.
    pub stopped: Vec<TrialId>,
}

/// Asks the engine for ends that no trial has recorded, and records them. `genbench` is the version
/// that such an outcome names. A folder that somebody works in is left alone.
///
/// # Errors
/// The engine cannot be asked, or a record cannot be read or written.
pub fn collect(engine: &dyn Engine, plan: &Plan, options: &RunOptions) -> Result<Collected, RunError> {
    let grid = GridDir::new(&options.results, &plan.grid);
    let seen = engine.seen(&grid)?;
    if seen.is_empty() {
        return Ok(Collected::default());
    }
    let trials: Vec<_> = plan.trials.iter().map(|trial| (trial.id(), trial)).collect();
    settle_all(engine, &grid, trials.iter().map(|(id, trial)| (id, *trial)), &seen, options)
}

/// Deals with every end that was seen.
pub(super) fn settle_all<'a>(
    engine: &dyn Engine,
    grid: &GridDir,
    trials: impl Iterator<Item = (&'a TrialId, &'a Trial)>,
    seen: &BTreeMap<TrialId, Seen>,
    options: &RunOptions,
) -> Result<Collected, RunError> {
    let mut collected = Collected::default();
    let mut known = HashSet::new();
    let mut settled = Vec::new();
    for (id, trial) in trials {
        let Some(Seen::Ended(end)) = seen.get(id).filter(|_| known.insert(id)) else { continue };
        if let Some(then) = settle(end, &grid.trial(id), id, trial, options, &mut collected)? {
            settled.push(Settled { trial: id.clone(), then });
        }
    }
    engine.settle(grid, &settled)?;
    Ok(collected)
}

/// Deals with one end; `None` while somebody works in the folder.
fn settle(
    end: &End,
    dir: &TrialDir,
    id: &TrialId,
    trial: &Trial,
    options: &RunOptions,
    collected: &mut Collected,
) -> Result<Option<Then>, RunError> {
    if store::over(dir, trial).map_err(RunError::Record)?.is_some() && !unfaithful(end) {
        return Ok(Some(Then::Over));
    }
    let Some(lock) = FolderLock::take(dir).map_err(|source| RunError::File { path: dir.lock(), source })? else {
        return Ok(None);
    };
    let trail = Trail::read(&dir.trace());
    let from = last_mark(dir, &end.job);
    let tail = from.map_or(String::new(), |from| text_after(&dir.stderr(), from, TAIL));
    let outcome = store::outcome(dir).map_err(|error| error.to_string());
    Ok(Some(match verdict(end, trail.steps, &tail, outcome) {
        Verdict::Over(_) => Then::Over,
        Verdict::Write(status) => {
            let entry = Entry::open(id.clone(), trial.clone(), dir.clone());
            write_outcome(&lock, &entry, &status, 1, options)?;
            collected.written.push((id.clone(), status));
            Then::Over
        }
        Verdict::TryAgain => {
            collected.again.push(id.clone());
            Then::Again
        }
        Verdict::Requeue => {
            collected.again.push(id.clone());
            Then::GoesOn
        }
        // A full disk is no end either: the next run goes on.
        Verdict::Interrupted | Verdict::Disk(_) => {
            collected.stopped.push(id.clone());
            Then::Stopped
        }
    }))
}

/// Whether the worker failed after it had written that all was well.
fn unfaithful(end: &End) -> bool {
    matches!(end.how, How::Exited { code, signal } if signal.is_some() || code.is_some_and(|code| code != 0 && code != 75))
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
