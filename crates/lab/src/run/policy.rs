//! What is done about a failure: once more or final, by its class. `docs/running.md` has the table.

use std::time::Duration;

use nix::libc::{SIGHUP, SIGINT, SIGKILL, SIGTERM};
use protocol::Status;

/// The failures that may end otherwise when they are run again, by the words of their status. What diverged is not
/// among them: it would do so again, at the same step.
pub const RETRIED: [&str; 4] = ["crashed", "out_of_memory", "timed_out", "refused"];

/// How many crashes of a trial are followed by another attempt in one run.
pub(super) const CRASHES: u32 = 3;

/// What this run has been through with a trial.
#[derive(Clone, Debug, Default)]
pub(super) struct Past {
    /// Workers started.
    pub(super) starts: u32,
    /// How many of them asked to be tried again.
    pub(super) tries: u32,
    /// How many crashed and were followed by another.
    pub(super) crashes: u32,
    /// Whether it has had the machine to itself.
    pub(super) alone: bool,
    /// How long the workers took that have ended.
    pub(super) spent: Duration,
}

/// What to do about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Again {
    /// It is final.
    No,
    /// Once more, from the checkpoint.
    Soon,
    /// Once more after all others, with the machine to itself.
    Alone,
}

/// Decides. `advanced`: the attempt got further than all before it. `roomier`: alone it would have more memory.
pub(super) fn again(status: &Status, advanced: bool, roomier: bool, past: &Past) -> Again {
    match status {
        Status::OutOfMemory { .. } if roomier && !past.alone => Again::Alone,
        Status::Crashed { signal, .. } if past.crashes < CRASHES && (advanced || from_outside(*signal)) => Again::Soon,
        _ => Again::No,
    }
}

/// No program raises these itself: somebody else ended it, wherever it was.
fn from_outside(signal: Option<i32>) -> bool {
    signal.is_some_and(|signal| [SIGHUP, SIGINT, SIGKILL, SIGTERM].contains(&signal))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crashed(signal: Option<i32>) -> Status {
        Status::Crashed { signal, code: None, tail: String::new() }
    }

    #[test]
    fn a_crash_is_followed_by_another_attempt_if_there_is_hope() {
        let fresh = Past::default();
        assert_eq!(again(&crashed(Some(11)), true, true, &fresh), Again::Soon);
        assert_eq!(again(&crashed(Some(11)), false, true, &fresh), Again::No, "it would crash there again");
        assert_eq!(again(&crashed(Some(9)), false, true, &fresh), Again::Soon, "not its own doing");
        assert_eq!(again(&crashed(None), false, true, &fresh), Again::No);
        let worn = Past { crashes: CRASHES, ..Past::default() };
        assert_eq!(again(&crashed(Some(9)), true, true, &worn), Again::No);
    }

    #[test]
    fn memory_is_given_one_chance_alone_and_the_rest_none() {
        let hungry = Status::OutOfMemory { tail: String::new() };
        assert_eq!(again(&hungry, true, true, &Past::default()), Again::Alone);
        assert_eq!(again(&hungry, true, false, &Past::default()), Again::No, "it had all there is");
        assert_eq!(again(&hungry, true, true, &Past { alone: true, ..Past::default() }), Again::No);
        let rest = [
            Status::Diverged { step: 1, what: "loss".into() },
            Status::Refused { why: String::new() },
            Status::TimedOut { limit_s: 1.0 },
        ];
        for status in rest {
            assert_eq!(again(&status, true, true, &Past::default()), Again::No);
            assert_eq!(RETRIED.contains(&status.word()), status.word() != "diverged");
        }
    }
}
