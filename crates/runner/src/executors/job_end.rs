//! What the end of a job means for its trial, where the trial does not say so itself.

use protocol::{Outcome, Status};

use crate::outcome_class::{ExitClass, ExitEvidence, TRIES_AGAIN, classify};

/// The end of a trial's worker, as an executor saw it.
#[derive(Clone, Debug, PartialEq)]
pub struct JobEnd {
    /// Its job.
    pub job: String,
    /// The machine it ran on, if it is known.
    pub on: String,
    /// EndCause.
    pub how: EndCause,
    /// How often the trial has been tried again before.
    pub tries: u32,
    /// How far the trial was when the job was submitted.
    pub steps_before: u64,
}

/// How a worker came to its end.
#[derive(Clone, Debug, PartialEq)]
pub enum EndCause {
    /// By itself, or by a signal.
    Exited {
        /// Its exit code.
        code: Option<i32>,
        /// The signal that ended it.
        signal: Option<i32>,
    },
    /// The time was up, and it had not stopped by itself.
    TimeLimit {
        /// The limit, if it is known.
        limit_s: Option<f64>,
    },
    /// It asked for more memory than it was given.
    Memory,
    /// Its machine died, or the job could not be started there.
    NodeLost,
    /// Somebody cancelled it, or something more urgent took its place for good.
    Stopped,
    /// The executor has forgotten.
    Unknown,
}

impl EndCause {
    /// In words, for people.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Exited { signal: Some(signal), .. } => format!("ended by signal {signal}"),
            Self::Exited { code: Some(code), .. } => format!("ended with exit code {code}"),
            Self::Exited { .. } | Self::Unknown => "ended, nobody knows how".to_owned(),
            Self::TimeLimit { .. } => "out of time".to_owned(),
            Self::Memory => "out of memory".to_owned(),
            Self::NodeLost => "lost with its node".to_owned(),
            Self::Stopped => "cancelled".to_owned(),
        }
    }
}

/// Judges an end. `steps` is how far the trial has come by its trace, `tail` the end of the job's stderr.
///
/// Exit codes and signals mean what they mean on this machine; the rest only an executor can tell.
pub(super) fn classify_end(
    end: &JobEnd,
    steps: u64,
    tail: &str,
    outcome: Result<Option<Outcome>, String>,
) -> ExitClass {
    let tail = tail.to_owned();
    let said = |note: String| if tail.is_empty() { note } else { format!("{tail}\n{note}") };
    let measured = matches!(&outcome, Ok(Some(outcome)) if outcome.status == Status::Done);
    match (&end.how, outcome) {
        (EndCause::Exited { code, signal }, outcome) => {
            let advanced = steps > end.steps_before;
            let ended = ExitEvidence {
                code: *code,
                signal: *signal,
                tail,
                tries: end.tries,
                advanced,
                ..ExitEvidence::default()
            };
            classify(&ended, outcome)
        }
        (_, Ok(Some(outcome))) if outcome.status != Status::Done => ExitClass::Over(outcome.status),
        // It was trained before and lacks a measure still: the job is no verdict on what there is.
        _ if measured => ExitClass::Interrupted,
        (EndCause::Stopped, _) => ExitClass::Interrupted,
        // A job's time is not the trial's: what got further goes on.
        (EndCause::TimeLimit { .. }, _) if steps > end.steps_before => ExitClass::Requeue,
        (EndCause::TimeLimit { limit_s }, _) => ExitClass::Write(match limit_s {
            Some(limit_s) => Status::TimedOut { limit_s: *limit_s },
            None => crashed(said(format!("job {} ran out of time", end.job))),
        }),
        (EndCause::Memory, _) => {
            ExitClass::Write(Status::OutOfMemory { tail: said(format!("job {} was killed for memory", end.job)) })
        }
        (EndCause::NodeLost, _) if end.tries < TRIES_AGAIN => ExitClass::TryAgain,
        (EndCause::NodeLost, _) => {
            ExitClass::Write(crashed(said(format!("its node failed {} times, last {}", end.tries + 1, end.on))))
        }
        (EndCause::Unknown, _) => {
            ExitClass::Write(crashed(said(format!("job {} has ended, and the executor has forgotten how", end.job))))
        }
    }
}

fn crashed(tail: String) -> Status {
    Status::Crashed { signal: None, code: None, tail }
}

#[cfg(test)]
mod tests {
    use protocol::exit;

    use super::*;

    fn end(how: EndCause) -> JobEnd {
        JobEnd { job: "7_3".into(), on: "n2".into(), how, tries: 0, steps_before: 10 }
    }

    fn exited(code: u8) -> EndCause {
        EndCause::Exited { code: Some(code.into()), signal: None }
    }

    #[test]
    fn exit_codes_mean_what_they_mean_here() {
        let requeue = end(exited(exit::WORKER_REQUEUE));
        assert_eq!(classify_end(&requeue, 11, "", Ok(None)), ExitClass::Requeue);
        assert_eq!(classify_end(&requeue, 10, "", Ok(None)), ExitClass::TryAgain, "it got nowhere");
        assert!(matches!(classify_end(&end(exited(0)), 11, "", Ok(None)), ExitClass::Write(Status::Crashed { .. })));
    }

    #[test]
    fn what_only_the_engine_knows() {
        let written = |how, tries| match classify_end(&JobEnd { tries, ..end(how) }, 10, "last words", Ok(None)) {
            ExitClass::Write(status) => (status.word(), status.reason().unwrap_or_default()),
            other => panic!("{other:?}"),
        };
        assert_eq!(
            written(EndCause::TimeLimit { limit_s: Some(60.0) }, 0),
            ("timed_out", "took longer than 60 s".into())
        );
        assert_eq!(written(EndCause::Memory, 0), ("out_of_memory", "job 7_3 was killed for memory".into()));
        assert_eq!(written(EndCause::NodeLost, TRIES_AGAIN), ("crashed", "its node failed 3 times, last n2".into()));
        assert_eq!(written(EndCause::Unknown, 0).0, "crashed");
        assert_eq!(classify_end(&end(EndCause::TimeLimit { limit_s: None }), 11, "", Ok(None)), ExitClass::Requeue);
        assert_eq!(classify_end(&end(EndCause::NodeLost), 11, "", Ok(None)), ExitClass::TryAgain);
        assert_eq!(classify_end(&end(EndCause::Stopped), 11, "", Ok(None)), ExitClass::Interrupted);
    }
}
