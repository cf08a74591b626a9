//! Handling of a worker's exit, and the progress of the run.

use std::thread;
use std::time::{Duration, Instant};

use analysis::duration;
use protocol::text::count;
use protocol::{FolderLock, Status, TrialDir, outcome_in};

use super::stop::Stop;
use crate::dispatcher::{Dispatcher, Running};
use crate::error::{RunError, at};
use crate::machine::{disk_full, memory_kills};
use crate::outcome_class::{ExitClass, ExitEvidence, RetryDecision, classify, retry_decision};
use crate::progress::view::{Row, RunProgress};
use crate::progress::{ActiveTrial, WaitingTrial};
use crate::trial_folder::{remove, text_after, write_outcome};
use crate::worker_process::Exit;

/// Largest part of a worker's stderr in an outcome, in bytes.
const TAIL: u64 = 4096;
/// Interval between two estimates of the time left.
const ESTIMATE_EVERY: Duration = Duration::from_secs(1);

impl Dispatcher<'_, '_> {
    /// Classifies a worker's exit under the lock of its folder, and records or retries the trial.
    pub(super) fn handle_exit(&mut self, exit: Exit) -> Result<(), RunError> {
        let index = exit.trial;
        let Some(mut running) = self.running.remove(&index) else { return Ok(()) };
        let entry = &self.entries[index];
        self.release_slot(index);
        for event in running.tail.read() {
            running.snapshot.absorb(&event);
        }
        let (code, signal) = exit.code_and_signal();
        let Some(lock) = take_with_retries(&entry.dir)? else {
            // Another process holds the folder: this worker exited without it, or another one took it over.
            self.watched.push((index, Instant::now()));
            return Ok(());
        };
        let past = self.past.entry(index).or_default();
        past.spent += running.began.elapsed();
        let ended = ExitEvidence {
            code,
            signal,
            tail: text_after(&entry.dir.stderr(), running.stderr_from, TAIL),
            memory_kill: memory_kills() > running.memory_kills,
            stop_requested: matches!(self.stop, Stop::Terminating(_)),
            termination: running.termination.take().map(|(termination, _)| termination),
            tries: past.tries,
            advanced: running.snapshot.step > running.steps_before,
            disk_full: disk_full(&entry.dir.0),
        };
        let outcome = outcome_in(&entry.dir).map_err(|error| error.to_string());
        match classify(&ended, outcome) {
            ExitClass::Over(status) => self.failed_or_done(index, &lock, &running, &ended, (status, false)),
            ExitClass::Write(status) => self.failed_or_done(index, &lock, &running, &ended, (status, true)),
            ExitClass::TryAgain => {
                past.tries += 1;
                self.watched.push((index, Instant::now() + self.options.retry_after));
                self.view.message(&format!("{}: worker requests a retry", self.label(index)), false);
                Ok(())
            }
            ExitClass::Requeue => {
                self.pools.put_back(index, &entry.trial.device);
                self.view.message(&format!("{}: resumes from its checkpoint", self.label(index)), false);
                Ok(())
            }
            ExitClass::Interrupted => {
                self.view.message(&format!("{}: interrupted", self.label(index)), false);
                Ok(())
            }
            ExitClass::Disk(why) => Err(RunError::Disk { path: entry.dir.0.clone(), why }),
        }
    }

    /// Records the end of the trial, or retries it by the policy for its failure.
    fn failed_or_done(
        &mut self,
        index: usize,
        lock: &FolderLock,
        running: &Running,
        ended: &ExitEvidence,
        (status, unwritten): (Status, bool),
    ) -> Result<(), RunError> {
        let entry = &self.entries[index];
        let past = self.past.entry(index).or_default();
        // A worker over its own limit may use the memory of all slots when it runs alone.
        let more_memory = ended.termination.is_none() || self.pools.all_slots() > 1;
        let again = retry_decision(&status, ended.advanced, more_memory, past);
        if again != RetryDecision::No {
            remove(&entry.dir.outcome())?;
            let why = status.reason().unwrap_or_default();
            let how = match again {
                RetryDecision::Alone => {
                    self.alone.push_back(index);
                    "retry alone, after the other trials"
                }
                RetryDecision::No | RetryDecision::Soon => {
                    past.crashes += 1;
                    self.pools.put_back(index, &entry.trial.device);
                    "retry from its checkpoint"
                }
            };
            self.view.message(&format!("{}: {}: {why}; {how}", self.label(index), status.word()), false);
            return Ok(());
        }
        if unwritten {
            write_outcome(lock, entry, &status, past.starts, self.options)?;
        }
        // Another runner's worker may have held the folder first and finished the trial. Ours then wrote no trace.
        let ours = running.pid.is_none() || running.snapshot.pid == running.pid;
        let seconds = running.began.elapsed().as_secs_f64();
        if ours && status == Status::Done && running.steps_before == 0 {
            self.durations.finished(&entry.trial.variant, entry.trial.train.steps, seconds);
        }
        self.over(index, &status, ours.then_some(seconds));
        Ok(())
    }

    /// Reads the traces and shows the progress.
    pub(super) fn refresh_view(&mut self) {
        for running in self.running.values_mut() {
            for event in running.tail.read() {
                running.snapshot.absorb(&event);
            }
        }
        if self.eta.1.is_none() || self.eta.0.elapsed() > ESTIMATE_EVERY {
            let all_over = self.over_count() == self.entries.len();
            self.eta = (Instant::now(), if all_over { Some(0.0) } else { self.estimate_s() });
        }
        let rows = self.running.iter().map(|(index, running)| Row {
            key: *index,
            label: self.label(*index),
            snapshot: &running.snapshot,
            note: None,
        });
        let rows = rows.collect();
        let progress =
            RunProgress { unit: "trials", over: self.over_count(), total: self.entries.len(), eta_s: self.eta.1, rows };
        self.view.show(&progress);
    }

    fn estimate_s(&self) -> Option<f64> {
        let running: Vec<_> = self
            .running
            .iter()
            .map(|(index, running)| {
                let trial = &self.entries[*index].trial;
                ActiveTrial {
                    pool: &trial.device,
                    variant: &trial.variant,
                    steps: trial.train.steps,
                    elapsed_s: running.began.elapsed().as_secs_f64(),
                    left_s: running.snapshot.left_s(),
                    step_s: running.snapshot.step_s(),
                }
            })
            .collect();
        let waiting = self.pools.0.values().flat_map(|pool| &pool.queue).map(|index| {
            let trial = &self.entries[*index].trial;
            WaitingTrial { pool: &trial.device, variant: &trial.variant, steps: trial.train.steps }
        });
        self.durations.eta_s(&running, waiting, &self.pools.slots())
    }

    fn over_count(&self) -> usize {
        self.summary.done.len() + self.summary.skipped.len() + self.summary.failed.len()
    }

    /// Prints the number of trials to run.
    pub(super) fn print_start(&mut self) {
        let (total, over) = (self.entries.len(), self.over_count());
        let slots: Vec<_> =
            self.pools.slots().into_iter().map(|(device, slots)| format!("{slots} on {device}")).collect();
        let how = if slots.is_empty() { String::new() } else { format!(", at most {} at a time", slots.join(", ")) };
        self.view.message(&format!("{} to run, {over} of {total} ended{how}", trials(total - over)), true);
        let failed = self.summary.failed.len();
        if failed > 0 {
            self.view.message(&format!("{} failed in an earlier run, not repeated", trials(failed)), false);
        }
    }

    /// Completes and prints the summary.
    pub(super) fn print_summary(&mut self, began: Instant) {
        let summary = &mut self.summary;
        summary.stopped = self.stop != Stop::No;
        let ended: std::collections::HashSet<_> = summary
            .done
            .iter()
            .chain(&summary.skipped)
            .chain(summary.failed.iter().map(|(id, _)| id))
            .cloned()
            .collect();
        summary.left = self.entries.iter().map(|entry| &entry.id).filter(|id| !ended.contains(*id)).cloned().collect();
        summary.wall_s = began.elapsed().as_secs_f64();
        let counts: Vec<_> = summary.counts().iter().map(|(word, count)| format!("{count} {word}")).collect();
        let text = format!("{} in {}", counts.join(", "), duration(summary.wall_s));
        self.view.message(&text, true);
    }
}

fn trials(number: usize) -> String {
    count(number, "trial")
}

/// Takes the lock of a folder, with retries: another runner that tests the folder holds it for a moment.
fn take_with_retries(dir: &TrialDir) -> Result<Option<FolderLock>, RunError> {
    for _ in 0..20 {
        if let Some(lock) = FolderLock::take(dir).map_err(at(&dir.lock()))? {
            return Ok(Some(lock));
        }
        thread::sleep(Duration::from_millis(5));
    }
    Ok(None)
}
