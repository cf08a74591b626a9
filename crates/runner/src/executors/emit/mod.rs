//! Job files for clusters that genbench does not control: the file to submit, and the prepared folders of its trials.

mod hyperqueue;
mod kubernetes;

use std::ffi::OsString;
use std::path::PathBuf;

use protocol::{FolderLock, Plan, TrialId};

use super::settings::Settings;
use crate::error::{RunError, at};
use crate::options::RunOptions;
use crate::trial_folder::{Entry, prepare, put_trial};

/// Kind of job file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manifest {
    /// A job file of HyperQueue, TOML.
    HyperQueue,
    /// An Indexed Job of Kubernetes, YAML.
    Kubernetes,
}

/// A trial to be run.
#[derive(Clone, Debug)]
struct Task {
    id: TrialId,
    gpu: bool,
    /// Absolute path of its folder.
    dir: PathBuf,
}

/// Open trials of a grid.
struct Job<'a> {
    grid: &'a str,
    tasks: Vec<Task>,
    worker: &'a [OsString],
    settings: &'a Settings,
}

/// Prepares the folders of the plan's open trials, and returns the job file that runs them; `None` if there are none.
///
/// # Errors
/// The results folder cannot be read or written.
pub fn emit(
    manifest: Manifest,
    plan: &Plan,
    options: &RunOptions,
    settings: &Settings,
) -> Result<Option<String>, RunError> {
    let entries = prepare(plan, options)?.entries;
    let mut tasks = Vec::new();
    for entry in entries.iter().filter(|entry| entry.over.is_none()) {
        tasks.extend(prepare_task(entry)?);
    }
    if tasks.is_empty() {
        return Ok(None);
    }
    let job = Job { grid: &plan.grid, tasks, worker: &options.worker, settings };
    let text = match manifest {
        Manifest::HyperQueue => hyperqueue::job_file(&job),
        Manifest::Kubernetes => kubernetes::manifest(&job),
    };
    text.map(Some).map_err(RunError::Executor)
}

/// Writes the trial for its worker; `None` while another process holds the folder.
fn prepare_task(entry: &Entry) -> Result<Option<Task>, RunError> {
    let Some(lock) = FolderLock::take(&entry.dir).map_err(at(&entry.dir.lock()))? else { return Ok(None) };
    put_trial(&lock, &entry.dir, &entry.trial)?;
    let dir = std::path::absolute(&entry.dir.0).map_err(at(&entry.dir.0))?;
    Ok(Some(Task { id: entry.id.clone(), gpu: entry.trial.device != "flex", dir }))
}

#[cfg(test)]
mod tests;
