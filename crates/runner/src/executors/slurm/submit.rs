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
use super::submission::{Submission, Task, newest};
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
    let entries = &under_submitted_ids(&grid, entries)?[..];
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

/// The entries, under the ids of their jobs: a trial without a folder that was submitted under its id of the first scheme
/// keeps that id, which names the folder of its job.
fn under_submitted_ids(grid: &GridDir, entries: &[Entry]) -> Result<Vec<Entry>, RunError> {
    let submitted = newest(&Submission::all(grid)?);
    let under = |entry: &Entry| {
        let first = entry.trial.first_id().filter(|first| submitted.contains_key(first) && !entry.dir.0.exists());
        match first {
            Some(id) => Entry { dir: grid.trial(&id), id, ..entry.clone() },
            None => entry.clone(),
        }
    };
    Ok(entries.iter().map(under).collect())
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
        // A record that cannot be used is no end of the trial; the next run renames or lists it.
        match final_status(&entry.dir, &entry.trial).unwrap_or_default() {
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use protocol::fixtures::trial;
    use protocol::{Meaning, Trial};
    use serde_json::{Value, json};

    use super::*;

    /// A trial with an id of each scheme.
    fn with_both_ids(variant: &str) -> Trial {
        let mut trial = trial(variant, 0);
        let none = Meaning::of(&json!({}), &json!({}), &|settings: &Value| Some(settings.clone()));
        Arc::make_mut(&mut trial.model).meaning = Some(none.clone());
        Arc::make_mut(&mut trial.data).meaning = Some(none);
        trial
    }

    #[test]
    fn a_job_of_the_first_scheme_is_found_by_a_trial_without_a_folder() {
        let results = tempfile::tempdir().unwrap();
        let grid = GridDir::new(results.path(), "g");
        let entry = |variant: &str| {
            let trial = with_both_ids(variant);
            Entry::open(trial.id(), trial.clone(), grid.trial(&trial.id()))
        };
        let first = with_both_ids("queued").first_id().unwrap();
        assert_ne!(first, with_both_ids("queued").id());
        Submission::create(&grid, vec![Task { trial: first.clone(), steps: 0 }], 1).unwrap();
        let ids = || {
            let entries = under_submitted_ids(&grid, &[entry("queued"), entry("other")]).unwrap();
            entries.into_iter().map(|entry| (entry.id, entry.dir)).collect::<Vec<_>>()
        };
        let other = with_both_ids("other").id();
        assert_eq!(ids(), [(first.clone(), grid.trial(&first)), (other.clone(), grid.trial(&other))]);
        // Results under the present id are not left behind.
        let present = with_both_ids("queued").id();
        std::fs::create_dir_all(&grid.trial(&present).0).unwrap();
        assert_eq!(ids()[0], (present.clone(), grid.trial(&present)));
    }
}
