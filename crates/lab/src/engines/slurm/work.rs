//! Submits what is open, and waits for it where that is asked for.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use protocol::{GridDir, Status, TrialId, atomic};

use super::super::collect::settle_all;
use super::super::engine::{Engine, Seen};
use super::Slurm;
use super::arrays::{Array, arrays};
use super::commands::{Site, sbatch, site};
use super::script::Script;
use super::submission::{Submission, Task};
use crate::run::{Entry, FolderLock, RunError, RunOptions, RunSummary, Show, Trail, at, put_trial};
use crate::store;

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
    submit(slurm, &grid, &open, options, &mut say)?;
    let stopped = slurm.follow && follow(slurm, &grid, entries, options, &mut say)?;
    summary(entries, stopped, began)
}

fn grid_of(results: &Path, entry: &Entry) -> GridDir {
    GridDir::new(results, &entry.trial.grid)
}

/// Submits entries that nobody works on; how many.
fn submit(
    slurm: &Slurm,
    grid: &GridDir,
    open: &[&Entry],
    options: &RunOptions,
    say: &mut dyn FnMut(String),
) -> Result<usize, RunError> {
    let seen = if open.is_empty() { BTreeMap::new() } else { slurm.seen(grid)? };
    // Trials on a GPU ask for other nodes.
    let mut kinds: BTreeMap<bool, Vec<Task>> = BTreeMap::new();
    let (mut queued, mut elsewhere) = (0, 0);
    for entry in open {
        // The worker reads it, also one that waits since before the grid was forgotten.
        let Some(lock) = FolderLock::take(&entry.dir).map_err(at(&entry.dir.lock()))? else {
            elsewhere += 1;
            continue;
        };
        put_trial(&lock, &entry.dir, &entry.trial)?;
        if let Some(Seen::Queued { .. } | Seen::Running { .. }) = seen.get(&entry.id) {
            queued += 1;
            continue;
        }
        let task = Task { trial: entry.id.clone(), steps: Trail::read(&entry.dir.trace()).steps };
        kinds.entry(entry.trial.device != "flex").or_default().push(task);
    }
    if queued + elsewhere > 0 {
        say(format!("{} queued or running already", trials(queued + elsewhere)));
    }
    let count = kinds.values().map(Vec::len).sum();
    if count > 0 {
        let site = site()?;
        let jobs = kinds
            .into_iter()
            .map(|(gpu, tasks)| submit_kind(slurm, grid, &tasks, gpu, site, options))
            .collect::<Result<Vec<_>, _>>()?
            .concat();
        let jobs: Vec<String> = jobs.iter().map(u64::to_string).collect();
        let plural = if jobs.len() == 1 { "job" } else { "jobs" };
        say(format!("{} submitted as {plural} {}", trials(count), jobs.join(", ")));
    }
    Ok(count)
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

/// Waits until every trial is over, or until nothing more comes of waiting; whether it was told to stop.
fn follow(
    slurm: &Slurm,
    grid: &GridDir,
    entries: &[Entry],
    options: &RunOptions,
    say: &mut dyn FnMut(String),
) -> Result<bool, RunError> {
    let mut told = String::new();
    let mut stopped: HashSet<TrialId> = HashSet::new();
    loop {
        let until = Instant::now() + Duration::from_secs(u64::from(slurm.settings.slurm.poll_s.max(1)));
        while Instant::now() < until {
            if options.interrupts.take_interrupt() || options.interrupts.take_terminate() {
                say("no longer followed: what is submitted goes on".to_owned());
                return Ok(true);
            }
            thread::sleep(options.tick);
        }
        let seen = slurm.seen(grid)?;
        let all = entries.iter().map(|entry| (&entry.id, &entry.trial));
        let collected = settle_all(slurm, grid, all, &seen, options)?;
        stopped.extend(collected.stopped);
        let again: BTreeSet<TrialId> = collected.again.into_iter().collect();
        stopped.retain(|id| !again.contains(id));
        let now = Counts::of(entries, &seen, &stopped)?;
        if now.to_string() != told {
            told = now.to_string();
            say(told.clone());
        }
        if now.waiting == 0 && again.is_empty() {
            return Ok(false);
        }
        let open: Vec<&Entry> = entries.iter().filter(|entry| again.contains(&entry.id)).collect();
        submit(slurm, grid, &open, options, say)?;
    }
}

/// How many trials stand how.
struct Counts {
    over: usize,
    running: usize,
    /// Not over and not stopped.
    waiting: usize,
    stopped: usize,
}

impl Counts {
    fn of(entries: &[Entry], seen: &BTreeMap<TrialId, Seen>, stopped: &HashSet<TrialId>) -> Result<Self, RunError> {
        let mut counts = Self { over: 0, running: 0, waiting: 0, stopped: 0 };
        for entry in entries {
            if store::over(&entry.dir, &entry.trial).map_err(RunError::Record)?.is_some() {
                counts.over += 1;
            } else if stopped.contains(&entry.id) {
                counts.stopped += 1;
            } else {
                counts.waiting += 1;
                counts.running += usize::from(matches!(seen.get(&entry.id), Some(Seen::Running { .. })));
            }
        }
        Ok(counts)
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { over, running, waiting, stopped } = self;
        write!(f, "{over} over, {running} running, {} waiting", waiting - running)?;
        if *stopped > 0 { write!(f, ", {stopped} cancelled") } else { Ok(()) }
    }
}

fn summary(entries: &[Entry], stopped: bool, began: Instant) -> Result<RunSummary, RunError> {
    let mut summary = RunSummary { stopped, ..RunSummary::default() };
    for entry in entries {
        let id = entry.id.clone();
        match store::over(&entry.dir, &entry.trial).map_err(RunError::Record)? {
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
