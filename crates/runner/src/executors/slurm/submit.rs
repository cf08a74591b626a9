//! Submits what is open.

use protocol::final_status;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use protocol::{GridDir, Status, atomic};

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
use protocol::FolderLock;

/// Submits, and follows.
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
    let mut say = |text: String| {
        if options.show != Show::Quiet {
            // Progress that cannot be shown is no reason to stop.
            let _ = writeln!(out, "{text}");
        }
    };
    let open: Vec<&Entry> = entries.iter().filter(|entry| entry.over.is_none()).collect();
    let submitted = submit(slurm, &grid, &open, options)?;
    if submitted.held > 0 {
        say(format!("{} queued or running already", trials(submitted.held)));
    }
    if let Some(words) = submitted.words() {
        say(words);
    }
    let stopped = slurm.follow && follow(slurm, &grid, entries, options, &mut say)?;
    summary(entries, stopped, began)
}

fn grid_of(results: &Path, entry: &Entry) -> GridDir {
    GridDir::new(results, &entry.trial.grid)
}

/// What came of submitting.
#[derive(Debug, Default)]
pub(super) struct Submitted {
    /// Trials.
    count: usize,
    /// The array jobs that they became.
    jobs: Vec<u64>,
    /// Trials that are queued or running already.
    held: usize,
}

impl Submitted {
    /// What to say of it, if there is anything.
    pub(super) fn words(&self) -> Option<String> {
        let jobs: Vec<String> = self.jobs.iter().map(u64::to_string).collect();
        let plural = if jobs.len() == 1 { "job" } else { "jobs" };
        (self.count > 0).then(|| format!("{} submitted as {plural} {}", trials(self.count), jobs.join(", ")))
    }
}

/// Submits entries that nobody works on.
pub(super) fn submit(
    slurm: &Slurm,
    grid: &GridDir,
    open: &[&Entry],
    options: &RunOptions,
) -> Result<Submitted, RunError> {
    let seen = if open.is_empty() { BTreeMap::new() } else { slurm.poll(grid)? };
    // Trials on a GPU ask for other nodes.
    let mut kinds: BTreeMap<bool, Vec<Task>> = BTreeMap::new();
    let mut submitted = Submitted::default();
    for entry in open {
        // The worker reads it, also one that waits since before the grid was forgotten.
        let Some(lock) = FolderLock::take(&entry.dir).map_err(at(&entry.dir.lock()))? else {
            submitted.held += 1;
            continue;
        };
        put_trial(&lock, &entry.dir, &entry.trial)?;
        if let Some(JobState::Queued { .. } | JobState::Running { .. }) = seen.get(&entry.id) {
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

/// Submits trials that ask for the same; the jobs' numbers. What was submitted before an error stays.
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
        submission.taken(job);
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

/// Jobs start elsewhere than here.
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

fn trials(count: usize) -> String {
    if count == 1 { "1 trial".to_owned() } else { format!("{count} trials") }
}

fn unix_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}
