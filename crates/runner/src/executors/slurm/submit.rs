//! Submission of open trials.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use protocol::text::count;
use protocol::{FolderLock, GridDir, Status, atomic, final_status};

use super::arrays::{Array, arrays};
use super::commands::{Site, sbatch, site};
use super::follow::follow;
use super::script::Script;
use super::submission::{Submission, Task};
use crate::error::{RunError, at};
use crate::executors::executor::{Executor, JobState};
use crate::executors::slurm::Slurm;
use crate::options::{RunOptions, Show};
use crate::summary::RunSummary;
use crate::trial_folder::{Entry, TraceSummary, put_trial};

/// Submits the open trials, and follows them if the executor is set to.
pub(super) fn work(
    slurm: &Slurm,
    entries: &[Entry],
    options: &RunOptions,
    out: &mut dyn Write,
) -> Result<RunSummary, RunError> {
    let began = Instant::now();
    let Some(grid) = entries.first().map(|entry| grid_of(&options.results, entry)) else {
        return Ok(RunSummary::default());
    };
    let mut print = |text: String| {
        if options.show != Show::Quiet {
            // A closed output does not stop the run.
            let _ = writeln!(out, "{text}");
        }
    };
    let open: Vec<&Entry> = entries.iter().filter(|entry| entry.over.is_none()).collect();
    let submitted = submit(slurm, &grid, &open, options)?;
    if submitted.held > 0 {
        print(format!("{} queued or running already", trials(submitted.held)));
    }
    if let Some(text) = submitted.text() {
        print(text);
    }
    let stopped = slurm.follow && follow(slurm, &grid, entries, options, &mut print)?;
    summary(entries, stopped, began)
}

fn grid_of(results: &Path, entry: &Entry) -> GridDir {
    GridDir::new(results, &entry.trial.grid)
}

/// Result of a submission.
#[derive(Debug, Default)]
pub(super) struct Submitted {
    /// Number of submitted trials.
    count: usize,
    /// Numbers of their array jobs.
    jobs: Vec<u64>,
    /// Number of trials that were queued or running already.
    held: usize,
}

impl Submitted {
    /// Message about submitted trials; `None` if there are none.
    pub(super) fn text(&self) -> Option<String> {
        let jobs: Vec<String> = self.jobs.iter().map(u64::to_string).collect();
        let plural = if jobs.len() == 1 { "job" } else { "jobs" };
        (self.count > 0).then(|| format!("{} submitted as {plural} {}", trials(self.count), jobs.join(", ")))
    }
}

/// Submits entries without a job or a worker.
pub(super) fn submit(
    slurm: &Slurm,
    grid: &GridDir,
    open: &[&Entry],
    options: &RunOptions,
) -> Result<Submitted, RunError> {
    let states = if open.is_empty() { BTreeMap::new() } else { slurm.poll(grid)? };
    // Trials on a GPU need other nodes.
    let mut kinds: BTreeMap<bool, Vec<Task>> = BTreeMap::new();
    let mut submitted = Submitted::default();
    for entry in open {
        // The worker reads `trial.json`, also a queued one whose folder was deleted by a fresh run.
        let Some(lock) = FolderLock::take(&entry.dir).map_err(at(&entry.dir.lock()))? else {
            submitted.held += 1;
            continue;
        };
        put_trial(&lock, &entry.dir, &entry.trial)?;
        if let Some(JobState::Queued { .. } | JobState::Running { .. }) = states.get(&entry.id) {
            submitted.held += 1;
            continue;
        }
        let task = Task { trial: entry.id.clone(), steps: TraceSummary::read(&entry.dir.trace()).steps };
        kinds.entry(entry.trial.device != "flex").or_default().push(task);
    }
    submitted.count = kinds.values().map(Vec::len).sum();
    if submitted.count > 0 {
        let site = site()?;
        for (gpu, tasks) in kinds {
            submitted.jobs.extend(submit_kind(slurm, grid, &tasks, gpu, site, options)?);
        }
    }
    Ok(submitted)
}

/// Submits trials with equal requirements. Returns the numbers of the jobs. Jobs submitted before an error stay.
fn submit_kind(
    slurm: &Slurm,
    grid: &GridDir,
    tasks: &[Task],
    gpu: bool,
    site: Site,
    options: &RunOptions,
) -> Result<Vec<u64>, RunError> {
    let mut jobs: Vec<u64> = Vec::new();
    for array in arrays(tasks.len(), site.longest_array, slurm.settings.throttle) {
        let part = tasks[array.trials.clone()].to_vec();
        let mut submission = Submission::create(grid, part, unix_ms())?;
        let path = submission.dir.join("job.sh");
        let text = script(slurm, grid, &submission, &array, gpu, site, options)?;
        atomic::write(&path, text.as_bytes()).map_err(at(&path))?;
        let job = sbatch(&path, array.after.map(|before| jobs[before]))?;
        submission.set_job(job);
        submission.save()?;
        jobs.push(job);
    }
    Ok(jobs)
}

fn script(
    slurm: &Slurm,
    grid: &GridDir,
    submission: &Submission,
    array: &Array,
    gpu: bool,
    site: Site,
    options: &RunOptions,
) -> Result<String, RunError> {
    let folder = absolute(&grid.0)?;
    let script = Script {
        grid: folder.file_name().and_then(|name| name.to_str()).unwrap_or("grid"),
        folder: &folder,
        submission: &absolute(&submission.dir)?,
        key: &submission.record.key,
        array,
        gpu,
        worker: &options.worker,
        requeue_exit: site.requeue_exit,
        settings: &slurm.settings,
    };
    Ok(script.text())
}

/// Absolute path, because jobs start in another folder.
fn absolute(path: &Path) -> Result<PathBuf, RunError> {
    std::path::absolute(path).map_err(at(path))
}

fn summary(entries: &[Entry], stopped: bool, began: Instant) -> Result<RunSummary, RunError> {
    let mut summary = RunSummary { stopped, ..RunSummary::default() };
    for entry in entries {
        let id = entry.id.clone();
        match final_status(&entry.dir, &entry.trial).map_err(RunError::Record)? {
            Some(Status::Done) if entry.over.is_some() => summary.skipped.push(id),
            Some(Status::Done) => summary.done.push(id),
            Some(status) => summary.failed.push((id, status)),
            None => summary.left.push(id),
        }
    }
    summary.wall_s = began.elapsed().as_secs_f64();
    Ok(summary)
}

fn trials(number: usize) -> String {
    count(number, "trial")
}

fn unix_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}
