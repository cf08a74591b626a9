//! Job files for clusters that genbench does not control: the file to submit, and the prepared folders of its trials.

mod hyperqueue;
mod kubernetes;

use std::ffi::OsString;
use std::path::PathBuf;

use protocol::{FolderLock, Plan, TrialId, Unreadable};

use super::settings::Settings;
use crate::error::{RunError, at};
use crate::options::RunOptions;
use crate::trial_folder::{Entry, Prepared, prepare, put_trial};

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

/// A job file, and the trials that it leaves out.
#[derive(Clone, Debug)]
pub struct Emitted {
    /// Text of the job file; `None` if no trial is open.
    pub text: Option<String>,
    /// Trials with a record that cannot be used, which are left out.
    pub unreadable: Vec<(TrialId, Unreadable)>,
}

/// Prepares the folders of the plan's open trials, and returns the job file that runs them.
///
/// # Errors
/// The results folder cannot be read or written.
pub fn emit(manifest: Manifest, plan: &Plan, options: &RunOptions, settings: &Settings) -> Result<Emitted, RunError> {
    let Prepared { entries, unreadable, .. } = prepare(plan, options)?;
    let mut tasks = Vec::new();
    for entry in entries.iter().filter(|entry| entry.over.is_none()) {
        tasks.extend(prepare_task(entry)?);
    }
    if tasks.is_empty() {
        return Ok(Emitted { text: None, unreadable });
    }
    let job = Job { grid: &plan.grid, tasks, worker: &options.worker, settings };
    let text = match manifest {
        Manifest::HyperQueue => hyperqueue::job_file(&job),
        Manifest::Kubernetes => kubernetes::manifest(&job),
    };
    let text = Some(text.map_err(RunError::Executor)?);
    Ok(Emitted { text, unreadable })
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
