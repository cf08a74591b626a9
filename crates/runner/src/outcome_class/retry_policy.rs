//! What is done about a failure: once more or final, by its class. `docs/running.md` has the table.

use std::time::Duration;

use nix::libc::{SIGHUP, SIGINT, SIGKILL, SIGTERM};
use protocol::Status;

/// The failures that may end otherwise when they are run again, by the words of their status. What diverged is not
/// among them: it would do so again, at the same step.
pub const RETRIED: [&str; 4] = ["crashed", "out_of_memory", "timed_out", "refused"];

/// How many crashes of a trial are followed by another attempt in one run.
pub(crate) const CRASHES: u32 = 3;

/// What this run has been through with a trial.
#[derive(Clone, Debug, Default)]
pub(crate) struct TrialHistory {
    /// Workers started.
    pub(crate) starts: u32,
    /// How many of them asked to be tried again.
    pub(crate) tries: u32,
    /// How many crashed and were followed by another.
    pub(crate) crashes: u32,
    /// Whether it has had the machine to itself.
    pub(crate) alone: bool,
    /// How long the workers took that have ended.
    pub(crate) spent: Duration,
}

/// What to do about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RetryDecision {
    /// It is final.
    No,
    /// Once more, from the checkpoint.
    Soon,
    /// Once more after all others, with the machine to itself.
    Alone,
}

/// Decides. `advanced`: the attempt got further than all before it. `roomier`: alone it would have more memory.
pub(crate) fn retry_decision(status: &Status, advanced: bool, roomier: bool, past: &TrialHistory) -> RetryDecision {
    match status {
        Status::OutOfMemory { .. } if roomier && !past.alone => RetryDecision::Alone,
        Status::Crashed { signal, .. } if past.crashes < CRASHES && (advanced || from_outside(*signal)) => {
            RetryDecision::Soon
        }
        _ => RetryDecision::No,
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
        let fresh = TrialHistory::default();
        assert_eq!(retry_decision(&crashed(Some(11)), true, true, &fresh), RetryDecision::Soon);
        assert_eq!(
            retry_decision(&crashed(Some(11)), false, true, &fresh),
            RetryDecision::No,
            "it would crash there again"
        );
        assert_eq!(retry_decision(&crashed(Some(9)), false, true, &fresh), RetryDecision::Soon, "not its own doing");
        assert_eq!(retry_decision(&crashed(None), false, true, &fresh), RetryDecision::No);
        let worn = TrialHistory { crashes: CRASHES, ..TrialHistory::default() };
        assert_eq!(retry_decision(&crashed(Some(9)), true, true, &worn), RetryDecision::No);
    }

    #[test]
    fn memory_is_given_one_chance_alone_and_the_rest_none() {
        let hungry = Status::OutOfMemory { tail: String::new() };
        assert_eq!(retry_decision(&hungry, true, true, &TrialHistory::default()), RetryDecision::Alone);
        assert_eq!(
            retry_decision(&hungry, true, false, &TrialHistory::default()),
            RetryDecision::No,
            "it had all there is"
        );
        assert_eq!(
            retry_decision(&hungry, true, true, &TrialHistory { alone: true, ..TrialHistory::default() }),
            RetryDecision::No
        );
        let rest = [
            Status::Diverged { step: 1, what: "loss".into() },
            Status::Refused { why: String::new() },
            Status::TimedOut { limit_s: 1.0 },
        ];
        for status in rest {
            assert_eq!(retry_decision(&status, true, true, &TrialHistory::default()), RetryDecision::No);
            assert_eq!(RETRIED.contains(&status.word()), status.word() != "diverged");
        }
    }
}
