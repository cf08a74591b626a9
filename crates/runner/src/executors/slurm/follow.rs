//! Following of submitted trials: waits for them, and submits unfinished ones again.

use std::collections::{BTreeMap, HashSet};
use std::time::{Duration, Instant};
use std::{fmt, thread};

use protocol::{GridDir, TrialId, final_status};

use super::submit::submit;
use crate::error::RunError;
use crate::executors::collect::record_ends;
use crate::executors::executor::{Executor, JobState};
use crate::executors::slurm::Slurm;
use crate::options::RunOptions;
use crate::trial_folder::Entry;

/// Waits until every trial has ended or was cancelled. Returns whether a signal ended the waiting.
pub(super) fn follow(
    slurm: &Slurm,
    grid: &GridDir,
    entries: &[Entry],
    options: &RunOptions,
    print: &mut dyn FnMut(String),
) -> Result<bool, RunError> {
    let mut last = String::new();
    let mut once = |text: String, print: &mut dyn FnMut(String)| {
        if text != last {
            print(text.clone());
            last = text;
        }
    };
    let mut stopped: HashSet<TrialId> = HashSet::new();
    loop {
        if interrupted(slurm, options) {
            print("no longer followed: submitted trials continue".to_owned());
            return Ok(true);
        }
        let states = match slurm.poll(grid) {
            Ok(states) => states,
            // The controller may be restarting: the states of the trials are unknown.
            Err(error) => {
                once(format!("Slurm does not answer: {error}"), print);
                continue;
            }
        };
        let all = entries.iter().map(|entry| (&entry.id, &entry.trial));
        let collected = record_ends(slurm, grid, all, &states, options)?;
        stopped.extend(collected.stopped);
        stopped.retain(|id| !collected.again.contains(id));
        let now = Counts::of(entries, &states, &stopped)?;
        once(now.to_string(), print);
        if now.open.is_empty() {
            return Ok(false);
        }
        // Trials without a job, or whose job has just ended.
        let jobless = |entry: &&&Entry| !states.contains_key(&entry.id) || collected.again.contains(&entry.id);
        let again: Vec<&Entry> = now.open.iter().filter(jobless).copied().collect();
        if let Some(text) = submit(slurm, grid, &again, options)?.text() {
            print(text);
        }
    }
}

/// Waits for the next poll. Returns whether a signal interrupted the waiting.
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

/// Numbers of trials by state.
struct Counts<'a> {
    over: usize,
    running: usize,
    /// Entries that have neither ended nor been cancelled.
    open: Vec<&'a Entry>,
    stopped: usize,
}

impl<'a> Counts<'a> {
    fn of(
        entries: &'a [Entry],
        states: &BTreeMap<TrialId, JobState>,
        stopped: &HashSet<TrialId>,
    ) -> Result<Self, RunError> {
        let mut counts = Self { over: 0, running: 0, open: Vec::new(), stopped: 0 };
        for entry in entries {
            // Waiting does not help a record that cannot be used; the next run renames or lists it.
            if final_status(&entry.dir, &entry.trial).map_or(true, |status| status.is_some()) {
                counts.over += 1;
            } else if stopped.contains(&entry.id) {
                counts.stopped += 1;
            } else {
                counts.open.push(entry);
                counts.running += usize::from(matches!(states.get(&entry.id), Some(JobState::Running { .. })));
            }
        }
        Ok(counts)
    }
}

impl fmt::Display for Counts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { over, running, open, stopped } = self;
        write!(f, "{over} ended, {running} running, {} waiting", open.len() - running)?;
        if *stopped > 0 { write!(f, ", {stopped} cancelled") } else { Ok(()) }
    }
}
