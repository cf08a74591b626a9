//! The dispatcher's part that ends a run before its time.

use std::time::Instant;

use nix::sys::signal::Signal;

use crate::dispatcher::Dispatcher;
use crate::error::RunError;

/// What has been asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Stop {
    /// Nothing.
    No,
    /// No new trials.
    Drain,
    /// Workers were told to end, then.
    Told(Instant),
}

impl Dispatcher<'_, '_> {
    /// Reads the signals. Ctrl-C once waits for what runs, twice kills it; SIGTERM lets it save a checkpoint
    /// and end.
    pub(super) fn handle_signals(&mut self) {
        if self.options.interrupts.take_terminate() {
            self.view.say("told to end: workers save a checkpoint", false);
            self.end_workers(Signal::SIGTERM);
        }
        if self.options.interrupts.take_interrupt() {
            match self.stop {
                Stop::No => {
                    let count = self.running.len();
                    let next = "once more kills them (checkpoints stay)";
                    self.view.say(&format!("no new trials, waiting for {count}; {next}"), false);
                    self.stop = Stop::Drain;
                }
                Stop::Drain | Stop::Told(_) => {
                    self.view.say("workers are killed; the next run goes on from their last checkpoints", false);
                    self.end_workers(Signal::SIGKILL);
                }
            }
        }
        if matches!(self.stop, Stop::Told(since) if since.elapsed() > self.options.grace) {
            self.end_workers(Signal::SIGKILL);
        }
    }

    fn end_workers(&mut self, signal: Signal) {
        self.stop = Stop::Told(Instant::now());
        for running in self.running.values() {
            running.process.signal(signal);
        }
    }

    /// An error that is not a trial's: nothing new is started, what runs comes to its end.
    pub(super) fn give_up(&mut self, error: RunError) {
        self.drain();
        self.view.say(&format!("no new trials: {error}"), false);
        self.fatal.get_or_insert(error);
    }

    /// A trial has failed: perhaps one too many.
    pub(super) fn count_failure(&mut self) {
        self.failures += 1;
        if self.stop == Stop::No && self.options.max_failures.is_some_and(|most| self.failures >= most) {
            self.summary.too_many_failures = true;
            self.drain();
            let (failed, running) = (self.failures, self.running.len());
            self.view.say(&format!("no new trials: {failed} failed, as many as allowed; waiting for {running}"), false);
        }
    }

    fn drain(&mut self) {
        if self.stop == Stop::No {
            self.stop = Stop::Drain;
        }
    }
}
