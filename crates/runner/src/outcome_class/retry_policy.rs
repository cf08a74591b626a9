//! Retry policy: a failure is retried or final, by its class. `docs/running.md` has the table.

use std::time::Duration;

use nix::libc::{SIGHUP, SIGINT, SIGKILL, SIGTERM};
use protocol::Status;

/// Statuses of failures that may end differently when they run again. `diverged` is not one of them, because such a trial
/// diverges again at the same step.
pub const RETRIED: [&str; 4] = ["crashed", "out_of_memory", "timed_out", "refused"];

/// Largest number of retries after crashes of a trial in one run.
pub(crate) const CRASHES: u32 = 3;

/// History of a trial in this run.
#[derive(Clone, Debug, Default)]
pub(crate) struct TrialHistory {
    /// Number of workers started.
    pub(crate) starts: u32,
    /// Number of workers that requested a retry.
    pub(crate) tries: u32,
    /// Number of crashes that were followed by a retry.
    pub(crate) crashes: u32,
    /// `true` if the trial has run alone.
    pub(crate) alone: bool,
    /// Time of all ended workers.
    pub(crate) spent: Duration,
}

/// Decision about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RetryDecision {
    /// The failure is final.
    No,
    /// Retry from the checkpoint.
    Soon,
    /// Retry alone, after all other trials.
    Alone,
}

/// Decides about a failure. `advanced`: the attempt got further than all earlier ones. `more_memory`: the trial would have
/// more memory if it ran alone.
pub(crate) fn retry_decision(status: &Status, advanced: bool, more_memory: bool, past: &TrialHistory) -> RetryDecision {
    match status {
        Status::OutOfMemory { .. } if more_memory && !past.alone => RetryDecision::Alone,
        Status::Crashed { signal, .. } if past.crashes < CRASHES && (advanced || from_outside(*signal)) => {
            RetryDecision::Soon
        }
        _ => RetryDecision::No,
    }
}

/// Returns whether the signal was sent from outside: a program does not raise these itself.
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
    fn a_crash_is_retried_if_the_attempt_advanced_or_was_killed() {
        let fresh = TrialHistory::default();
        assert_eq!(retry_decision(&crashed(Some(11)), true, true, &fresh), RetryDecision::Soon);
        assert_eq!(
            retry_decision(&crashed(Some(11)), false, true, &fresh),
            RetryDecision::No,
            "it would crash at the same step"
        );
        assert_eq!(retry_decision(&crashed(Some(9)), false, true, &fresh), RetryDecision::Soon, "killed from outside");
        assert_eq!(retry_decision(&crashed(None), false, true, &fresh), RetryDecision::No);
        let exhausted = TrialHistory { crashes: CRASHES, ..TrialHistory::default() };
        assert_eq!(retry_decision(&crashed(Some(9)), true, true, &exhausted), RetryDecision::No);
    }

    #[test]
    fn out_of_memory_is_retried_once_alone_and_other_failures_are_final() {
        let out_of_memory = Status::OutOfMemory { tail: String::new() };
        assert_eq!(retry_decision(&out_of_memory, true, true, &TrialHistory::default()), RetryDecision::Alone);
        assert_eq!(
            retry_decision(&out_of_memory, true, false, &TrialHistory::default()),
            RetryDecision::No,
            "it had all memory"
        );
        assert_eq!(
            retry_decision(&out_of_memory, true, true, &TrialHistory { alone: true, ..TrialHistory::default() }),
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
