//! Early end of a run: signals, errors and the limit on failures.

use std::time::Instant;

use nix::sys::signal::Signal;

use crate::dispatcher::Dispatcher;
use crate::error::RunError;

/// State of a requested stop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Stop {
    /// No request.
    No,
    /// No new trials; running ones continue.
    Drain,
    /// Workers have a termination request since this time.
    Terminating(Instant),
}

impl Dispatcher<'_, '_> {
    /// Handles signals. The first Ctrl-C waits for running trials, the second kills them. SIGTERM lets them save a
    /// checkpoint and exit.
    pub(super) fn handle_signals(&mut self) {
        if self.options.interrupts.take_terminate() {
            self.view.message("termination requested: workers save a checkpoint", false);
            self.end_workers(Signal::SIGTERM);
        }
        if self.options.interrupts.take_interrupt() {
            match self.stop {
                Stop::No => {
                    let count = self.running.len();
                    let next = "Ctrl-C again kills them (checkpoints stay)";
                    self.view.message(&format!("no new trials, waiting for {count}; {next}"), false);
                    self.stop = Stop::Drain;
                }
                Stop::Drain | Stop::Terminating(_) => {
                    self.view.message("workers killed; the next run resumes from their last checkpoints", false);
                    self.end_workers(Signal::SIGKILL);
                }
            }
        }
        if matches!(self.stop, Stop::Terminating(since) if since.elapsed() > self.options.grace) {
            self.end_workers(Signal::SIGKILL);
        }
    }

    fn end_workers(&mut self, signal: Signal) {
        self.stop = Stop::Terminating(Instant::now());
        for running in self.running.values() {
            running.process.signal(signal);
        }
    }

    /// Handles an error of the run: no new trials start, running ones continue to their end.
    pub(super) fn give_up(&mut self, error: RunError) {
        self.drain();
        self.view.message(&format!("no new trials: {error}"), false);
        self.fatal.get_or_insert(error);
    }

    /// Counts a failed trial, and stops the run at the limit.
    pub(super) fn count_failure(&mut self) {
        self.failures += 1;
        if self.stop == Stop::No && self.options.max_failures.is_some_and(|most| self.failures >= most) {
            self.summary.too_many_failures = true;
            self.drain();
            let (failed, running) = (self.failures, self.running.len());
            self.view.message(
                &format!("no new trials: {failed} failed, the limit of this run; waiting for {running}"),
                false,
            );
        }
    }

    fn drain(&mut self) {
        if self.stop == Stop::No {
            self.stop = Stop::Drain;
        }
    }
}
