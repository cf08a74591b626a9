//! The dispatcher's part after a worker has ended, and what it shows meanwhile.

use protocol::outcome_in;
use std::thread;
use std::time::{Duration, Instant};

use protocol::{Status, TrialDir};

use super::stop::Stop;
use crate::dispatcher::{Dispatcher, Running};
use crate::error::RunError;
use crate::error::at;
use crate::machine::{disk_full, memory_kills};
use crate::outcome_class::{ExitClass, ExitEvidence, classify};
use crate::outcome_class::{RetryDecision, retry_decision};
use crate::progress::view::{Row, Scene};
use crate::progress::{Going, Waiting};
use crate::trial_folder::remove;
use crate::trial_folder::text_after;
use crate::trial_folder::write_outcome;
use crate::worker_process::Exit;
use analysis::duration;
use protocol::FolderLock;

/// How much of a worker's stderr an outcome keeps, in bytes.
const TAIL: u64 = 4096;
/// How often the time left is estimated anew.
const ESTIMATE_EVERY: Duration = Duration::from_secs(1);

impl Dispatcher<'_, '_> {
    /// A worker has ended: judges it, under the lock of its folder.
    pub(super) fn handle_exit(&mut self, exit: Exit) -> Result<(), RunError> {
        let index = exit.trial;
        let Some(mut running) = self.running.remove(&index) else { return Ok(()) };
        let entry = &self.entries[index];
        self.release_slot(index);
        for event in running.tail.read() {
            running.snapshot.absorb(&event);
        }
        let (code, signal) = exit.code_and_signal();
        let Some(lock) = take_patiently(&entry.dir)? else {
            // Somebody else got the folder: this worker lost the race, or another took over.
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
            told: matches!(self.stop, Stop::Told(_)),
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
                self.view.say(&format!("{}: asks to be tried again", self.label(index)), false);
                Ok(())
            }
            ExitClass::Requeue => {
                self.pools.put_back(index, &entry.trial.device);
                self.view.say(&format!("{}: goes on from its checkpoint", self.label(index)), false);
                Ok(())
            }
            ExitClass::Interrupted => {
                self.view.say(&format!("{}: interrupted", self.label(index)), false);
                Ok(())
            }
            ExitClass::Disk(why) => Err(RunError::Disk { path: entry.dir.0.clone(), why }),
        }
    }

    /// The trial is over, or is given another chance by the class of its failure.
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
        // What was over its own limit gets the memory of all slots when it is alone.
        let roomier = ended.termination.is_none() || self.pools.all_slots() > 1;
        let again = retry_decision(&status, ended.advanced, roomier, past);
        if again != RetryDecision::No {
            remove(&entry.dir.outcome())?;
            let why = status.reason().unwrap_or_default();
            let how = match again {
                RetryDecision::Alone => {
                    self.alone.push_back(index);
                    "once more when the others are over, alone"
                }
                RetryDecision::No | RetryDecision::Soon => {
                    past.crashes += 1;
                    self.pools.put_back(index, &entry.trial.device);
                    "once more, from its checkpoint"
                }
            };
            self.view.say(&format!("{}: {}: {why}; {how}", self.label(index), status.word()), false);
            return Ok(());
        }
        if unwritten {
            write_outcome(lock, entry, &status, past.starts, self.options)?;
        }
        // Another runner's worker may have had the folder first, and have finished while this one waited for it.
        let ours = running.pid.is_none() || running.snapshot.pid.is_none_or(|pid| Some(pid) == running.pid);
        let seconds = running.began.elapsed().as_secs_f64();
        if ours && status == Status::Done && running.steps_before == 0 {
            self.paces.finished(&entry.trial.variant, entry.trial.train.steps, seconds);
        }
        self.over(index, &status, ours.then_some(seconds));
        Ok(())
    }

    /// Reads the traces and shows the state of things.
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
        let scene =
            Scene { unit: "trials", over: self.over_count(), total: self.entries.len(), eta_s: self.eta.1, rows };
        self.view.show(&scene);
    }

    fn estimate_s(&self) -> Option<f64> {
        let running: Vec<_> = self
            .running
            .iter()
            .map(|(index, running)| {
                let trial = &self.entries[*index].trial;
                Going {
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
            Waiting { pool: &trial.device, variant: &trial.variant, steps: trial.train.steps }
        });
        self.paces.eta_s(&running, waiting, &self.pools.slots())
    }

    fn over_count(&self) -> usize {
        self.summary.done.len() + self.summary.skipped.len() + self.summary.failed.len()
    }

    /// What there is to do.
    pub(super) fn print_start(&mut self) {
        let (total, over) = (self.entries.len(), self.over_count());
        let slots: Vec<_> =
            self.pools.slots().into_iter().map(|(device, slots)| format!("{slots} on {device}")).collect();
        let how = if slots.is_empty() { String::new() } else { format!(", at most {} at a time", slots.join(", ")) };
        self.view.say(&format!("{} to run, {over} of {total} over{how}", trials(total - over)), true);
        let failed = self.summary.failed.len();
        if failed > 0 {
            self.view.say(&format!("{} failed before and not run again", trials(failed)), false);
        }
    }

    /// What came of it.
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
        self.view.say(&text, true);
    }
}

fn trials(count: usize) -> String {
    if count == 1 { "1 trial".to_owned() } else { format!("{count} trials") }
}

/// A second runner that looks whether the folder is free holds it for a moment only.
fn take_patiently(dir: &TrialDir) -> Result<Option<FolderLock>, RunError> {
    for _ in 0..20 {
        if let Some(lock) = FolderLock::take(dir).map_err(at(&dir.lock()))? {
            return Ok(Some(lock));
        }
        thread::sleep(Duration::from_millis(5));
    }
    Ok(None)
}
