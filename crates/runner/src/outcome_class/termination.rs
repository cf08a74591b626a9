//! Reasons of the parent for the termination of a worker.

use std::time::Duration;

use protocol::Status;

use crate::machine::format_bytes;

/// Reason of the parent for the termination of a worker.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Termination {
    /// The trial exceeds its time limit in this run, over all its workers.
    TooLong(Duration),
    /// The worker exceeds its memory limit, in bytes.
    TooLarge { held: u64, limit: u64 },
}

impl Termination {
    /// Status of the trial after the termination.
    pub(crate) fn status(&self) -> Status {
        match self {
            Self::TooLong(limit) => Status::TimedOut { limit_s: limit.as_secs_f64() },
            Self::TooLarge { held, limit } => {
                let tail = format!("held {}, the limit is {}", format_bytes(*held), format_bytes(*limit));
                Status::OutOfMemory { tail }
            }
        }
    }
}
