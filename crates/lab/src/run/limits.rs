//! Limits on a worker, watched by the parent: how long, and how much memory.

use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use protocol::Status;

use super::dispatch::Dispatcher;
use super::eta::spoken;
use super::memory::{by_group, spoken_bytes};

/// How often memory is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Why the parent ends a worker of its own accord.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Sentence {
    /// Its trial took longer than allowed in this run, all its workers together.
    TooLong(Duration),
    /// It holds more memory than allowed, in bytes.
    TooLarge { held: u64, limit: u64 },
}

impl Sentence {
    pub(super) fn status(&self) -> Status {
        match self {
            Self::TooLong(limit) => Status::TimedOut { limit_s: limit.as_secs_f64() },
            Self::TooLarge { held, limit } => {
                let tail = format!("held {}, the limit is {}", spoken_bytes(*held), spoken_bytes(*limit));
                Status::OutOfMemory { tail }
            }
        }
    }
}

impl Dispatcher<'_, '_> {
    /// Ends workers that are over a limit: what takes too long may save a checkpoint first, what is too large must
    /// go before it takes the machine with it.
    pub(super) fn limit(&mut self) {
        self.limit_time();
        if self.options.memory.is_some() && self.memory_seen.elapsed() > LOOK_EVERY {
            self.memory_seen = Instant::now();
            self.limit_memory();
        }
    }

    fn limit_time(&mut self) {
        let mut late = Vec::new();
        let Some(limit) = self.options.timeout else { return };
        for (index, running) in &mut self.running {
            match &running.sentence {
                Some((_, since)) if since.elapsed() > self.options.grace => running.leash.signal(Signal::SIGKILL),
                Some(_) => {}
                None => {
                    let spent = self.past.get(index).map(|past| past.spent).unwrap_or_default();
                    if spent + running.began.elapsed() > limit {
                        running.sentence = Some((Sentence::TooLong(limit), Instant::now()));
                        running.leash.signal(Signal::SIGTERM);
                        late.push(*index);
                    }
                }
            }
        }
        for index in late {
            let text =
                format!("{}: over its {}, ends after a checkpoint", self.label(index), spoken(limit.as_secs_f64()));
            self.view.say(&text, false);
        }
    }

    fn limit_memory(&mut self) {
        let Some(limit) = self.options.memory else { return };
        let held = by_group();
        for (index, running) in &mut self.running {
            // Who has the machine alone has what all workers together may have.
            let slots = if self.solo == Some(*index) { self.pools.all_slots() as u64 } else { 1 };
            let limit = limit.saturating_mul(slots);
            let held = running.leash.group().and_then(|group| held.get(&group)).copied().unwrap_or(0);
            if held > limit && running.sentence.is_none() {
                running.sentence = Some((Sentence::TooLarge { held, limit }, Instant::now()));
                running.leash.signal(Signal::SIGKILL);
            }
        }
    }
}
