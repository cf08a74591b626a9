//! Waits for what was submitted, and submits again what is to go on.

use protocol::final_status;
use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::thread;
use std::time::{Duration, Instant};

use protocol::{GridDir, TrialId};

use super::submit::submit;
use crate::error::RunError;
use crate::executors::collect::record_ends;
use crate::executors::executor::{Executor, JobState};
use crate::executors::slurm::Slurm;
use crate::options::RunOptions;
use crate::trial_folder::Entry;

/// Waits until every trial is over, or was stopped by somebody; whether it was told to wait no longer.
pub(super) fn follow(
    slurm: &Slurm,
    grid: &GridDir,
    entries: &[Entry],
    options: &RunOptions,
    say: &mut dyn FnMut(String),
) -> Result<bool, RunError> {
    let mut told = String::new();
    let mut once = |text: String, say: &mut dyn FnMut(String)| {
        if text != told {
            say(text.clone());
            told = text;
        }
    };
    let mut stopped: HashSet<TrialId> = HashSet::new();
    loop {
        if interrupted(slurm, options) {
            say("no longer followed: what is submitted goes on".to_owned());
            return Ok(true);
        }
        let seen = match slurm.poll(grid) {
            Ok(seen) => seen,
            // A controller that is restarted says nothing about the trials.
            Err(error) => {
                once(format!("Slurm does not answer: {error}"), say);
                continue;
            }
        };
        let all = entries.iter().map(|entry| (&entry.id, &entry.trial));
        let collected = record_ends(slurm, grid, all, &seen, options)?;
        stopped.extend(collected.stopped);
        stopped.retain(|id| !collected.again.contains(id));
        let now = Counts::of(entries, &seen, &stopped)?;
        once(now.to_string(), say);
        if now.open.is_empty() {
            return Ok(false);
        }
        // What has no job, or whose job has just been found dead.
        let jobless = |entry: &&&Entry| !seen.contains_key(&entry.id) || collected.again.contains(&entry.id);
        let again: Vec<&Entry> = now.open.iter().filter(jobless).copied().collect();
        if let Some(words) = submit(slurm, grid, &again, options)?.words() {
            say(words);
        }
    }
}

/// Waits for the time of the next look; whether it was told not to.
fn interrupted(slurm: &Slurm, options: &RunOptions) -> bool {
    let until = Instant::now() + Duration::from_secs(u64::from(slurm.settings.slurm.poll_s.max(1)));
    while Instant::now() < until {
        if options.interrupts.take_interrupt() || options.interrupts.take_terminate() {
            return true;
        }
        thread::sleep(options.tick);
    }
    false
}

/// How many trials stand how.
struct Counts<'a> {
    over: usize,
    running: usize,
    /// Neither over nor stopped.
    open: Vec<&'a Entry>,
    stopped: usize,
}

impl<'a> Counts<'a> {
    fn of(
        entries: &'a [Entry],
        seen: &BTreeMap<TrialId, JobState>,
        stopped: &HashSet<TrialId>,
    ) -> Result<Self, RunError> {
        let mut counts = Self { over: 0, running: 0, open: Vec::new(), stopped: 0 };
        for entry in entries {
            if final_status(&entry.dir, &entry.trial).map_err(RunError::Record)?.is_some() {
                counts.over += 1;
            } else if stopped.contains(&entry.id) {
                counts.stopped += 1;
            } else {
                counts.open.push(entry);
                counts.running += usize::from(matches!(seen.get(&entry.id), Some(JobState::Running { .. })));
            }
        }
        Ok(counts)
    }
}

impl fmt::Display for Counts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { over, running, open, stopped } = self;
        write!(f, "{over} over, {running} running, {} waiting", open.len() - running)?;
        if *stopped > 0 { write!(f, ", {stopped} cancelled") } else { Ok(()) }
    }
}
