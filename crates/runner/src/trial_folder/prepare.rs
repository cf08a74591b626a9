//! Preparation of the results folder before the first worker starts: plan, grid, and the entries to run.

use std::collections::HashSet;
use std::path::Path;
use std::{fs, io};

use protocol::{
    Build, FolderLock, GridDir, Plan, Status, Trial, TrialDir, TrialId, Unreadable, atomic, blocked, final_status,
    is_damaged, outcome_in, set_aside,
};

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
    /// `true` if the trial runs alone, because it was out of memory before.
    pub(crate) alone: bool,
}

impl Entry {
    /// A trial that is to be run.
    pub(crate) fn open(id: TrialId, trial: Trial, dir: TrialDir) -> Self {
        Self { id, trial, dir, over: None, alone: false }
    }
}

/// The trials of a plan before a run.
#[derive(Debug, Default)]
pub(crate) struct Prepared {
    /// Trials that have ended or are to be run.
    pub(crate) entries: Vec<Entry>,
    /// Messages about damaged records that were renamed.
    pub(crate) set_aside: Vec<String>,
    /// Trials with a record that cannot be used and stays as it is. They are not run.
    pub(crate) unreadable: Vec<(TrialId, Unreadable)>,
}

/// Writes plan and grid, deletes the files of trials to be run afresh, and lists the entries. Equal trials of the plan are
/// one entry, under the first label. Damaged records are renamed, so that their trials run again.
pub(crate) fn prepare(plan: &Plan, options: &RunOptions) -> Result<Prepared, RunError> {
    let grid = GridDir::new(&options.results, &plan.grid);
    write_plan(&grid, plan, options)?;
    let mut seen = HashSet::new();
    let ids = grid.ids(&plan.trials);
    let trials = ids.into_iter().zip(&plan.trials).filter(|(id, _)| seen.insert(id.clone()));
    let mut prepared = Prepared::default();
    for (id, trial) in trials {
        let dir = grid.trial(&id);
        let unusable = if options.measure_only { outcome_in(&dir).err() } else { None };
        if let Some(unreadable) = blocked(&dir).or(unusable.as_ref().map(Unreadable::of)) {
            prepared.unreadable.push((id, unreadable));
            continue;
        }
        let trained = || outcome_in(&dir).is_ok_and(|known| known.is_some_and(|it| it.status == Status::Done));
        if !options.measure_only || trained() {
            prepared.add(dir, id, trial, options)?;
        }
    }
    Ok(prepared)
}

impl Prepared {
    fn add(&mut self, dir: TrialDir, id: TrialId, trial: &Trial, options: &RunOptions) -> Result<(), RunError> {
        let replaced = |build: &Build| {
            outcome_in(&dir).is_ok_and(|known| known.is_some_and(|outcome| has_other_code(&outcome, build)))
        };
        let again = options.fresh || options.build.as_ref().filter(|_| options.rerun_other_code).is_some_and(replaced);
        if again {
            delete_files(&dir)?;
        } else if is_damaged(&dir) {
            // Whoever holds the folder is about to replace the record.
            if let Some(lock) = FolderLock::take(&dir).map_err(at(&dir.lock()))? {
                let renamed = set_aside(&lock, &dir).map_err(at(&dir.0))?;
                let label = format!("{} seed {}", trial.variant, trial.seed);
                self.set_aside.extend(renamed.iter().map(|one| format!("{label}: unreadable record: {one}")));
            }
        }
        let over = if again { Ok(None) } else { final_status(&dir, trial) };
        match over {
            Ok(over) => self.entries.push(entry(dir, id, trial, over, options)?),
            Err(error) => self.unreadable.push((id, Unreadable::of(&error))),
        }
        Ok(())
    }
}

fn entry(
    dir: TrialDir,
    id: TrialId,
    trial: &Trial,
    mut over: Option<Status>,
    options: &RunOptions,
) -> Result<Entry, RunError> {
    let mut alone = false;
    if !options.fresh {
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

/// Final status of a trial whose folder this process holds. A record that was damaged since the run began is renamed.
///
/// # Errors
/// A record cannot be used and stays as it is.
pub(crate) fn status_under_lock(held: &FolderLock, dir: &TrialDir, trial: &Trial) -> Result<Option<Status>, RunError> {
    let again = |_| set_aside(held, dir).and_then(|_| final_status(dir, trial));
    final_status(dir, trial).or_else(again).map_err(RunError::Record)
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

/// Returns whether `trial.json` has this content. An unreadable file is replaced like an outdated one.
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
