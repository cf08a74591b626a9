//! End of a job, and its meaning for a trial without an outcome.

use protocol::{Outcome, Status};

use crate::outcome_class::{ExitClass, ExitEvidence, TRIES_AGAIN, classify};

/// End of a trial's job, as the executor reports it.
#[derive(Clone, Debug, PartialEq)]
pub struct JobEnd {
    /// Id of the job.
    pub job: String,
    /// Name of the machine; empty if unknown.
    pub on: String,
    /// Cause of the end.
    pub how: EndCause,
    /// Number of earlier retries of the trial.
    pub tries: u32,
    /// Steps of the trial when the job was submitted.
    pub steps_before: u64,
}

/// Cause of the end of a job.
#[derive(Clone, Debug, PartialEq)]
pub enum EndCause {
    /// The worker exited, or a signal ended it.
    Exited {
        /// Exit code.
        code: Option<i32>,
        /// Signal that ended the worker.
        signal: Option<i32>,
    },
    /// The job reached its time limit.
    TimeLimit {
        /// Time limit, if known.
        limit_s: Option<f64>,
    },
    /// The job exceeded its memory.
    Memory,
    /// The machine died, or could not start the job.
    NodeLost,
    /// The job was cancelled, or preempted without being queued again.
    Stopped,
    /// The executor has no record of the job any more.
    Unknown,
}

impl EndCause {
    /// Cause in words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Exited { signal: Some(signal), .. } => format!("ended by signal {signal}"),
            Self::Exited { code: Some(code), .. } => format!("ended with exit code {code}"),
            Self::Exited { .. } | Self::Unknown => "ended for an unknown reason".to_owned(),
            Self::TimeLimit { .. } => "out of time".to_owned(),
            Self::Memory => "out of memory".to_owned(),
            Self::NodeLost => "lost, because its node failed".to_owned(),
            Self::Stopped => "cancelled".to_owned(),
        }
    }
}

/// Classifies the end of a job. `steps` are the trial's steps in its trace, `tail` is the end of the job's stderr; `None`
/// if the job never started.
///
/// A job that never started says nothing about its trial, and neither does a job whose end the executor does not know. Exit codes and signals have the same meaning as on this machine; other causes are known to the executor only.
pub(super) fn classify_end(
    end: &JobEnd,
    steps: u64,
    tail: Option<&str>,
    outcome: Result<Option<Outcome>, String>,
) -> ExitClass {
    let started = tail.is_some();
    let tail = tail.unwrap_or_default().to_owned();
    let with_stderr = |note: String| if tail.is_empty() { note } else { format!("{tail}\n{note}") };
    let measured = matches!(&outcome, Ok(Some(outcome)) if outcome.status == Status::Done);
    match (&end.how, outcome) {
        (EndCause::Exited { .. }, Ok(None)) if !started => ExitClass::Interrupted,
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
        // The trial was trained before and still lacks a measure: its outcome stays.
        _ if measured => ExitClass::Interrupted,
        (EndCause::Stopped, _) => ExitClass::Interrupted,
        (EndCause::TimeLimit { .. } | EndCause::NodeLost | EndCause::Unknown, _) if !started => ExitClass::Interrupted,
        // The limit is the job's, not the trial's: a trial that advanced is queued again.
        (EndCause::TimeLimit { .. }, _) if steps > end.steps_before => ExitClass::Requeue,
        (EndCause::TimeLimit { limit_s }, _) => ExitClass::Write(match limit_s {
            Some(limit_s) => Status::TimedOut { limit_s: *limit_s },
            None => crashed(with_stderr(format!("job {} ran out of time", end.job))),
        }),
        (EndCause::Memory, _) => ExitClass::Write(Status::OutOfMemory {
            tail: with_stderr(format!("job {} was killed for memory", end.job)),
        }),
        (EndCause::NodeLost, _) if end.tries < TRIES_AGAIN => ExitClass::TryAgain,
        (EndCause::NodeLost, _) => {
            ExitClass::Write(crashed(with_stderr(format!("the node failed {} times, last {}", end.tries + 1, end.on))))
        }
        (EndCause::Unknown, _) if steps > end.steps_before => ExitClass::Requeue,
        (EndCause::Unknown, _) if end.tries < TRIES_AGAIN => ExitClass::TryAgain,
        (EndCause::Unknown, _) => ExitClass::Write(crashed(with_stderr(format!(
            "{} jobs have ended without progress, and the executor has no record of the exit of the last, {}",
            end.tries + 1,
            end.job
        )))),
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
    fn exit_codes_mean_the_same_as_on_this_machine() {
        let requeue = end(exited(exit::WORKER_REQUEUE));
        assert_eq!(classify_end(&requeue, 11, Some(""), Ok(None)), ExitClass::Requeue);
        assert_eq!(classify_end(&requeue, 10, Some(""), Ok(None)), ExitClass::TryAgain, "it did not advance");
        assert!(matches!(
            classify_end(&end(exited(0)), 11, Some(""), Ok(None)),
            ExitClass::Write(Status::Crashed { .. })
        ));
    }

    #[test]
    fn causes_that_the_executor_reports() {
        let written = |how, tries| match classify_end(&JobEnd { tries, ..end(how) }, 10, Some("last words"), Ok(None)) {
            ExitClass::Write(status) => (status.word(), status.reason().unwrap_or_default()),
            other => panic!("{other:?}"),
        };
        assert_eq!(
            written(EndCause::TimeLimit { limit_s: Some(60.0) }, 0),
            ("timed_out", "took longer than 60 s".into())
        );
        assert_eq!(written(EndCause::Memory, 0), ("out_of_memory", "job 7_3 was killed for memory".into()));
        assert_eq!(written(EndCause::NodeLost, TRIES_AGAIN), ("crashed", "the node failed 3 times, last n2".into()));
        assert_eq!(written(EndCause::Unknown, TRIES_AGAIN).0, "crashed");
        let class = |how, steps| classify_end(&end(how), steps, Some(""), Ok(None));
        assert_eq!(class(EndCause::TimeLimit { limit_s: None }, 11), ExitClass::Requeue);
        assert_eq!(class(EndCause::NodeLost, 11), ExitClass::TryAgain);
        assert_eq!(class(EndCause::Stopped, 11), ExitClass::Interrupted);
        assert_eq!(class(EndCause::Unknown, 11), ExitClass::Requeue, "it advanced");
        assert_eq!(class(EndCause::Unknown, 10), ExitClass::TryAgain);
    }

    #[test]
    fn a_job_that_never_started_is_no_failure_of_its_trial() {
        let limit = EndCause::TimeLimit { limit_s: Some(60.0) };
        // Exit code 0:53: Slurm could not open the output of the script.
        let unopened = EndCause::Exited { code: None, signal: Some(53) };
        for how in [limit, unopened, EndCause::NodeLost, EndCause::Unknown, EndCause::Stopped] {
            for tries in [0, TRIES_AGAIN, 99] {
                let end = JobEnd { tries, ..end(how.clone()) };
                assert_eq!(classify_end(&end, 10, None, Ok(None)), ExitClass::Interrupted, "{end:?}");
            }
        }
    }
}
