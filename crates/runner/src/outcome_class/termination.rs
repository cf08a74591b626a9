//! Why the parent terminates a worker.

use std::time::Duration;

use protocol::Status;

use crate::machine::spoken_bytes;

/// Why the parent ends a worker of its own accord.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Termination {
    /// Its trial took longer than allowed in this run, all its workers together.
    TooLong(Duration),
    /// It holds more memory than allowed, in bytes.
    TooLarge { held: u64, limit: u64 },
}

impl Termination {
    pub(crate) fn status(&self) -> Status {
        match self {
            Self::TooLong(limit) => Status::TimedOut { limit_s: limit.as_secs_f64() },
            Self::TooLarge { held, limit } => {
                let tail = format!("held {}, the limit is {}", spoken_bytes(*held), spoken_bytes(*limit));
                Status::OutOfMemory { tail }
            }
        }
    }
}
