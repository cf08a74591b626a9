//! Preparation of the results folder before the first worker starts: plan, grid, and the entries to run.

use std::collections::HashSet;
use std::path::Path;
use std::{fs, io};

use protocol::{Build, FolderLock, GridDir, Plan, Status, Trial, TrialDir, TrialId, atomic, final_status, outcome_in};

use super::plan_writer::write_plan;
use crate::error::{RunError, at};
use crate::options::RunOptions;
use crate::other_builds::has_other_code;

/// A trial of the plan with its state before the run.
#[derive(Clone, Debug)]
pub struct Entry {
    pub(crate) id: TrialId,
    pub(crate) trial: Trial,
    pub(crate) dir: TrialDir,
    /// Status from an earlier run; `None` if the trial is to be run.
    pub(crate) over: Option<Status>,
    /// Whether the trial runs alone, because it was out of memory before.
    pub(crate) alone: bool,
}

impl Entry {
    /// A trial that is to be run.
    pub(crate) fn open(id: TrialId, trial: Trial, dir: TrialDir) -> Self {
        Self { id, trial, dir, over: None, alone: false }
    }
}

/// Writes plan and grid, deletes the files of trials to be run afresh, and lists the entries. Equal trials of the plan are
/// one entry, under the first label.
pub(crate) fn prepare(plan: &Plan, options: &RunOptions) -> Result<Vec<Entry>, RunError> {
    let grid = GridDir::new(&options.results, &plan.grid);
    write_plan(&grid, plan, options)?;
    let mut seen = HashSet::new();
    let ids = grid.ids(&plan.trials);
    let trials = ids.into_iter().zip(&plan.trials).filter(|(id, _)| seen.insert(id.clone()));
    let mut entries = Vec::new();
    for (id, trial) in trials {
        let dir = grid.trial(&id);
        let trained = || outcome_in(&dir).map(|known| known.is_some_and(|outcome| outcome.status == Status::Done));
        if !options.measure_only || trained().map_err(RunError::Record)? {
            entries.push(entry(dir, id, trial, options)?);
        }
    }
    Ok(entries)
}

fn entry(dir: TrialDir, id: TrialId, trial: &Trial, options: &RunOptions) -> Result<Entry, RunError> {
    let (mut over, mut alone) = (None, false);
    let replaced = |build: &Build| outcome_in(&dir).map(|known| known.is_some_and(|o| has_other_code(&o, build)));
    let rerun = options.build.as_ref().filter(|_| options.rerun_other_code).map_or(Ok(false), replaced);
    if options.fresh || rerun.map_err(RunError::Record)? {
        delete_files(&dir)?;
    } else {
        over = final_status(&dir, trial).map_err(RunError::Record)?;
        let retried = |status: &&Status| options.retry_failed.iter().any(|word| word == status.word());
        if let Some(status) = over.as_ref().filter(retried)
            && reopen(&dir, status)?
        {
            alone = matches!(status, Status::OutOfMemory { .. });
            over = None;
        }
    }
    if over.is_some() {
        // Names and the list of measurements may have changed; the identity has not.
        write_trial(&dir, trial)?;
    }
    Ok(Entry { id, trial: trial.clone(), dir, over, alone })
}

/// Deletes the files of a trial. A folder that a running worker holds is not changed.
pub(crate) fn delete_files(dir: &TrialDir) -> Result<(), RunError> {
    if !dir.0.exists() {
        return Ok(());
    }
    let Some(_lock) = FolderLock::take(dir).map_err(at(&dir.lock()))? else { return Ok(()) };
    for entry in fs::read_dir(&dir.0).map_err(at(&dir.0))? {
        let path = entry.map_err(at(&dir.0))?.path();
        // The lock file stays: a second file of the same name would not exclude the holder of the first.
        if path != dir.lock() {
            remove(&path)?;
        }
    }
    Ok(())
}

/// Deletes the outcome of a failed trial, unless the folder is locked. A diverged trial would fail again from its
/// checkpoint, so it starts again from the beginning; the others resume. A refused trial with a checkpoint was trained
/// before its data or its device changed.
fn reopen(dir: &TrialDir, status: &Status) -> Result<bool, RunError> {
    let Some(_lock) = FolderLock::take(dir).map_err(at(&dir.lock()))? else { return Ok(false) };
    if matches!(status, Status::Diverged { .. }) {
        remove(&dir.checkpoint())?;
    }
    for path in [dir.measurements(), dir.throughput(), dir.outcome()] {
        remove(&path)?;
    }
    Ok(true)
}

/// Updates `trial.json` of a finished trial. A locked folder is not changed.
fn write_trial(dir: &TrialDir, trial: &Trial) -> Result<(), RunError> {
    if is_current(dir, trial) {
        return Ok(());
    }
    FolderLock::take(dir).map_err(at(&dir.lock()))?.map_or(Ok(()), |lock| put_trial(&lock, dir, trial))
}

/// Writes `trial.json`, unless it is up to date.
pub(crate) fn put_trial(_held: &FolderLock, dir: &TrialDir, trial: &Trial) -> Result<(), RunError> {
    let path = dir.trial();
    if is_current(dir, trial) { Ok(()) } else { atomic::write_json(&path, trial).map_err(at(&path)) }
}

/// Whether `trial.json` has this content. An unreadable file is replaced like an outdated one.
fn is_current(dir: &TrialDir, trial: &Trial) -> bool {
    atomic::read_json::<Trial>(&dir.trial()).is_ok_and(|old| old == *trial)
}

/// Removes a file or a folder if it exists.
pub(crate) fn remove(path: &Path) -> Result<(), RunError> {
    let gone = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match gone {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(at(path)(error)),
        _ => Ok(()),
    }
}
