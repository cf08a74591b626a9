//! Limits of a worker that the parent enforces: time and memory.

use std::time::{Duration, Instant};

use analysis::duration;
use nix::sys::signal::Signal;

use crate::dispatcher::Dispatcher;
use crate::machine::by_group;
use crate::outcome_class::Termination;

/// Interval between two checks of memory.
const CHECK_EVERY: Duration = Duration::from_millis(250);

impl Dispatcher<'_, '_> {
    /// Terminates workers over a limit. A worker over its time may save a checkpoint; a worker over its memory is killed at
    /// once, before the machine runs out.
    pub(super) fn limit(&mut self) {
        self.limit_time();
        if self.options.memory.is_some() && self.memory_checked.elapsed() > CHECK_EVERY {
            self.memory_checked = Instant::now();
            self.limit_memory();
        }
    }

    fn limit_time(&mut self) {
        let mut late = Vec::new();
        let Some(limit) = self.options.timeout else { return };
        for (index, running) in &mut self.running {
            match &running.termination {
                Some((_, since)) if since.elapsed() > self.options.grace => running.process.signal(Signal::SIGKILL),
                Some(_) => {}
                None => {
                    let spent = self.past.get(index).map(|past| past.spent).unwrap_or_default();
                    if spent + running.began.elapsed() > limit {
                        running.termination = Some((Termination::TooLong(limit), Instant::now()));
                        running.process.signal(Signal::SIGTERM);
                        late.push(*index);
                    }
                }
            }
        }
        for index in late {
            let text = format!(
                "{}: over the limit of {}, ends after a checkpoint",
                self.label(index),
                duration(limit.as_secs_f64())
            );
            self.view.message(&text, false);
        }
    }

    fn limit_memory(&mut self) {
        let Some(limit) = self.options.memory else { return };
        let held = by_group();
        for (index, running) in &mut self.running {
            // A worker that runs alone may use the memory of all slots.
            let slots = if self.solo == Some(*index) { self.pools.all_slots() as u64 } else { 1 };
            let limit = limit.saturating_mul(slots);
            let held = running.process.group().and_then(|group| held.get(&group)).copied().unwrap_or(0);
            if held > limit && running.termination.is_none() {
                running.termination = Some((Termination::TooLarge { held, limit }, Instant::now()));
                running.process.signal(Signal::SIGKILL);
            }
        }
    }
}
