//! Classification of a worker's exit.

use protocol::{DISK_FULL_MESSAGES, Outcome, Status, exit};

use super::termination::Termination;

/// Largest number of retries that a worker may request.
pub(crate) const TRIES_AGAIN: u32 = 2;

/// Evidence about a worker's exit.
#[derive(Clone, Debug, Default)]
pub(crate) struct ExitEvidence {
    /// Exit code, if the worker exited.
    pub(crate) code: Option<i32>,
    /// Signal, if a signal ended the worker.
    pub(crate) signal: Option<i32>,
    /// End of this attempt's stderr.
    pub(crate) tail: String,
    /// `true` if the kernel killed a process for memory while the worker ran.
    pub(crate) memory_kill: bool,
    /// `true` if the run was being stopped.
    pub(crate) stop_requested: bool,
    /// Reason of a termination by the parent.
    pub(crate) termination: Option<Termination>,
    /// Number of earlier retries.
    pub(crate) tries: u32,
    /// `true` if this attempt got further than all earlier ones.
    pub(crate) advanced: bool,
    /// `true` if its disk is full.
    pub(crate) disk_full: bool,
}

/// Class of a worker's exit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ExitClass {
    /// The trial has ended and its outcome is written.
    Over(Status),
    /// The trial has ended and the parent writes the outcome.
    Write(Status),
    /// Retry; counts towards [`TRIES_AGAIN`].
    TryAgain,
    /// Retry from the checkpoint that the worker has just saved.
    Requeue,
    /// Stopped on request: the next run resumes from its checkpoint.
    Interrupted,
    /// The folder could not be written, with the reason. This is no failure of the trial and would affect the next one.
    Disk(String),
}

/// Classifies an exit. `outcome` is the record in the folder: none, an outcome, or the error of reading it.
///
/// The worker's own outcome counts, with one exception: `done` requires exit code 0, and exit code 0 requires an outcome.
/// Success is never inferred.
pub(crate) fn classify(ended: &ExitEvidence, outcome: Result<Option<Outcome>, String>) -> ExitClass {
    let exited = |code: u8| ended.code == Some(i32::from(code));
    match outcome {
        Ok(Some(outcome)) if outcome.status != Status::Done => ExitClass::Over(outcome.status),
        // A worker that requests a retry never held the folder: another process wrote the outcome.
        Ok(Some(_)) if exited(exit::DONE) || exited(exit::WORKER_TRY_AGAIN) => ExitClass::Over(Status::Done),
        // The trial stays done; a measure that was to be added was refused.
        Ok(Some(_)) if exited(exit::WORKER_REFUSED) => {
            let why = ended.tail.trim_end().lines().next_back().unwrap_or_default().to_owned();
            ExitClass::Over(Status::Refused { why })
        }
        _ if ended.termination.is_some() => {
            ExitClass::Write(ended.termination.as_ref().map_or(Status::Done, Termination::status))
        }
        Ok(Some(_)) => ExitClass::Write(crashed(ended, Some("the worker wrote the status done and then failed"))),
        Err(why) => ExitClass::Write(crashed(ended, Some(&why))),
        Ok(None) if ended.stop_requested && (ended.signal.is_some() || exited(exit::WORKER_REQUEUE)) => {
            ExitClass::Interrupted
        }
        Ok(None) if exited(exit::WORKER_REQUEUE) && ended.advanced => ExitClass::Requeue,
        Ok(None) if let Some(why) = disk(ended) => ExitClass::Disk(why),
        Ok(None) if exited(exit::WORKER_REQUEUE) || exited(exit::WORKER_TRY_AGAIN) => {
            if ended.tries < TRIES_AGAIN {
                ExitClass::TryAgain
            } else {
                ExitClass::Write(crashed(
                    ended,
                    Some(&format!("the worker requested a retry {} times", ended.tries + 1)),
                ))
            }
        }
        Ok(None) if exited(exit::DONE) => {
            ExitClass::Write(crashed(ended, Some("the worker exited without an outcome")))
        }
        Ok(None) if for_memory(ended) => ExitClass::Write(Status::OutOfMemory { tail: memory_tail(ended) }),
        Ok(None) => ExitClass::Write(crashed(ended, None)),
    }
}

/// Words for a folder that cannot be written. A full disk may prevent the worker from writing them.
fn disk(ended: &ExitEvidence) -> Option<String> {
    let found = DISK_FULL_MESSAGES.into_iter().position(|words| ended.tail.contains(words));
    // The second half has the same messages in the words of the system.
    let words = found.map(|index| DISK_FULL_MESSAGES[index % (DISK_FULL_MESSAGES.len() / 2)]);
    words.or(ended.disk_full.then_some(DISK_FULL_MESSAGES[0])).map(str::to_owned)
}

/// Returns whether the worker ended for lack of memory. The kernel sends SIGKILL; Rust's allocator prints the size and
/// aborts.
fn for_memory(ended: &ExitEvidence) -> bool {
    match ended.signal {
        Some(9) => ended.memory_kill,
        Some(6) => ended.tail.contains("memory allocation of"),
        _ => false,
    }
}

fn memory_tail(ended: &ExitEvidence) -> String {
    let note = if ended.signal == Some(9) { "killed by the kernel for memory" } else { "" };
    [note, &ended.tail].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Status of a crash. `note` is the parent's explanation, if stderr does not give one.
fn crashed(ended: &ExitEvidence, note: Option<&str>) -> Status {
    let stderr = Some(ended.tail.as_str()).filter(|tail| !tail.is_empty());
    let lines: Vec<_> = [stderr, note].into_iter().flatten().collect();
    let tail = if lines.is_empty() { "nothing on stderr".to_owned() } else { lines.join("\n") };
    Status::Crashed { signal: ended.signal, code: ended.code, tail }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    use protocol::TrialId;

    fn outcome(status: Status) -> Result<Option<Outcome>, String> {
        Ok(Some(protocol::fixtures::outcome(TrialId("x".into()), status)))
    }

    fn exited(code: u8) -> ExitEvidence {
        ExitEvidence { code: Some(code.into()), ..ExitEvidence::default() }
    }

    fn killed(signal: i32, tail: &str) -> ExitEvidence {
        ExitEvidence { signal: Some(signal), tail: tail.into(), ..ExitEvidence::default() }
    }

    #[test]
    fn success_needs_the_record_and_the_exit_code() {
        assert_eq!(classify(&exited(0), outcome(Status::Done)), ExitClass::Over(Status::Done));
        let elsewhere = classify(&exited(exit::WORKER_TRY_AGAIN), outcome(Status::Done));
        assert_eq!(elsewhere, ExitClass::Over(Status::Done), "another worker held the folder");
        for (ended, outcome) in
            [(exited(0), Ok(None)), (exited(12), outcome(Status::Done)), (killed(11, ""), outcome(Status::Done))]
        {
            let ExitClass::Write(status) = classify(&ended, outcome) else { panic!("{ended:?}") };
            assert_eq!(status.word(), "crashed");
            assert!(!status.reason().unwrap().is_empty());
        }
        let refused = classify(&ExitEvidence { tail: "why\n".into(), ..exited(11) }, outcome(Status::Done));
        assert_eq!(refused, ExitClass::Over(Status::Refused { why: "why".into() }), "the record stays done");
        let torn = classify(&exited(0), Err("outcome.json: EOF".into()));
        assert!(matches!(torn, ExitClass::Write(Status::Crashed { tail, .. }) if tail.contains("EOF")));
    }

    #[test]
    fn a_failure_that_the_worker_wrote_counts_for_any_exit_code() {
        let diverged = Status::Diverged { step: 3, what: "loss".into() };
        for ended in [exited(10), exited(0), killed(6, "")] {
            assert_eq!(classify(&ended, outcome(diverged.clone())), ExitClass::Over(diverged.clone()));
        }
    }

    #[test]
    fn out_of_memory_needs_evidence() {
        let word = |ended: &ExitEvidence| match classify(ended, Ok(None)) {
            ExitClass::Write(status) => status.word(),
            other => panic!("{other:?}"),
        };
        assert_eq!(word(&killed(6, "memory allocation of 99 bytes failed")), "out_of_memory");
        assert_eq!(word(&killed(6, "assertion failed")), "crashed");
        assert_eq!(word(&killed(9, "")), "crashed");
        assert_eq!(word(&ExitEvidence { memory_kill: true, ..killed(9, "") }), "out_of_memory");
        assert_eq!(word(&ExitEvidence { memory_kill: true, ..killed(11, "") }), "crashed");
    }

    #[test]
    fn retries_are_limited_and_requeueing_needs_progress() {
        assert_eq!(classify(&exited(75), Ok(None)), ExitClass::TryAgain);
        assert_eq!(classify(&exited(85), Ok(None)), ExitClass::TryAgain);
        assert_eq!(classify(&ExitEvidence { advanced: true, ..exited(85) }, Ok(None)), ExitClass::Requeue);
        for code in [75, 85] {
            let last = classify(&ExitEvidence { tries: TRIES_AGAIN, ..exited(code) }, Ok(None));
            assert!(matches!(last, ExitClass::Write(Status::Crashed { tail, .. }) if tail.contains("3 times")));
        }
    }

    #[test]
    fn a_termination_is_the_reason_unless_the_trial_ended_in_time() {
        let late = || ExitEvidence { termination: Some(Termination::TooLong(Duration::from_secs(60))), ..exited(85) };
        assert_eq!(classify(&late(), Ok(None)), ExitClass::Write(Status::TimedOut { limit_s: 60.0 }));
        assert_eq!(
            classify(&ExitEvidence { stop_requested: true, ..late() }, Ok(None)),
            ExitClass::Write(Status::TimedOut { limit_s: 60.0 })
        );
        assert_eq!(
            classify(&ExitEvidence { code: Some(0), ..late() }, outcome(Status::Done)),
            ExitClass::Over(Status::Done)
        );
        let large = Termination::TooLarge { held: 3 << 30, limit: 2 << 30 };
        let ExitClass::Write(status) = classify(&ExitEvidence { termination: Some(large), ..killed(9, "") }, Ok(None))
        else {
            panic!()
        };
        assert_eq!(
            (status.word(), status.reason().unwrap()),
            ("out_of_memory", "held 3 GiB, the limit is 2 GiB".into())
        );
    }

    #[test]
    fn a_full_disk_is_no_failure_of_the_trial() {
        let full = ExitClass::Disk("no space left on the disk".into());
        let words = "failed to write outcome.json: No space left on device (os error 28)";
        for ended in [
            ExitEvidence { tail: words.into(), ..exited(12) },
            ExitEvidence { tail: "outcome.json: no space left on the disk".into(), ..exited(12) },
            ExitEvidence { disk_full: true, ..exited(75) },
            ExitEvidence { disk_full: true, ..killed(6, "") },
        ] {
            assert_eq!(classify(&ended, Ok(None)), full);
        }
        let diverged = Status::Diverged { step: 3, what: "loss".into() };
        let wrote = classify(&ExitEvidence { disk_full: true, ..exited(10) }, outcome(diverged.clone()));
        assert_eq!(wrote, ExitClass::Over(diverged), "the worker could write its outcome");
    }

    #[test]
    fn a_worker_with_a_termination_request_is_interrupted_not_crashed() {
        for ended in [exited(85), killed(15, ""), killed(9, "")] {
            assert_eq!(classify(&ExitEvidence { stop_requested: true, ..ended }, Ok(None)), ExitClass::Interrupted);
        }
        let in_time = classify(&ExitEvidence { stop_requested: true, ..exited(0) }, outcome(Status::Done));
        assert_eq!(in_time, ExitClass::Over(Status::Done));
    }
}
