//! Start of workers in free slots.

use std::time::Instant;

use protocol::FolderLock;

use super::stop::Stop;
use crate::dispatcher::{Dispatcher, Running};
use crate::error::{RunError, at};
use crate::machine::memory_kills;
use crate::progress::Snapshot;
use crate::trial_folder::{Entry, TraceSummary, TraceTail, length, put_trial, status_under_lock};
use crate::worker_process::{ProcessHandle, command, start, stderr_log};

impl Dispatcher<'_, '_> {
    /// Takes the next trial and a slot for it; `None` while a trial runs alone.
    fn next(&mut self) -> Option<usize> {
        if self.stop != Stop::No || self.solo.is_some() {
            return None;
        }
        if self.running.is_empty() && self.watched.is_empty() && self.pools.is_empty() {
            let index = self.alone.pop_front()?;
            self.pools.put_back(index, &self.entries[index].trial.device);
            self.solo = Some(index);
        }
        self.pools.take()
    }

    /// Starts workers in the free slots.
    pub(super) fn launch_all(&mut self) {
        while let Some(index) = self.next() {
            match self.launch(index) {
                Ok(true) => {}
                Ok(false) => self.release_slot(index),
                Err(error) => {
                    self.release_slot(index);
                    self.pools.put_back(index, &self.entries[index].trial.device);
                    self.give_up(error);
                }
            }
        }
    }

    /// Frees the slot of a trial whose worker has ended.
    pub(super) fn release_slot(&mut self, index: usize) {
        self.pools.release(&self.entries[index].trial.device);
        self.solo.take_if(|solo| *solo == index);
    }

    /// Starts a worker; `false` if the trial has ended or another process holds its folder.
    fn launch(&mut self, index: usize) -> Result<bool, RunError> {
        let Entry { dir, trial, .. } = &self.entries[index];
        let Some(lock) = FolderLock::take(dir).map_err(at(&dir.lock()))? else {
            self.view.message(&format!("{}: running elsewhere; waiting for its end", self.label(index)), false);
            self.watched.push((index, Instant::now()));
            return Ok(false);
        };
        // Another runner may have finished the trial since the start of this run.
        if let Some(status) = status_under_lock(&lock, dir, trial)? {
            self.over(index, &status, None);
            return Ok(false);
        }
        put_trial(&lock, dir, trial)?;
        let past = self.past.entry(index).or_default();
        past.starts += 1;
        past.alone |= self.solo == Some(index);
        let log = stderr_log(dir, &format!("worker {} of this run", past.starts)).map_err(at(&dir.stderr()))?;
        let stderr_from = length(&dir.stderr());
        let running = |process: ProcessHandle| Running {
            pid: process.group().and_then(|pid| pid.try_into().ok()),
            process,
            tail: TraceTail::at_end(dir.trace()),
            snapshot: Snapshot::default(),
            began: Instant::now(),
            stderr_from,
            memory_kills: memory_kills(),
            steps_before: TraceSummary::read(&dir.trace()).furthest,
            termination: None,
        };
        let command = command(&self.options.worker, dir, &trial.device, self.options).ok_or(RunError::NoWorker)?;
        let program = command.get_program().to_string_lossy().into_owned();
        // The worker takes the lock itself.
        drop(lock);
        let process = start(command, log, index, self.exit_sender.clone())
            .map_err(|source| RunError::Worker { command: program, source })?;
        self.running.insert(index, running(process));
        self.view.message(&format!("{}: started", self.label(index)), true);
        Ok(true)
    }
}
