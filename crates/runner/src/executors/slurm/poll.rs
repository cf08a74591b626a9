//! States of submitted trials, as Slurm reports them.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::time::{SystemTime, UNIX_EPOCH};

use protocol::{TrialId, exit};

use super::commands;
use super::queue::TaskState;
use super::submission::{Submission, newest, tries};
use crate::error::RunError;
use crate::executors::executor::JobState;
use crate::executors::job_end::{EndCause, JobEnd};

/// Delay, in seconds, with which the record of a successful job may appear here: network file systems show new files late.
const RECORD_LATE_S: u64 = 90;

/// States of the trials whose newest submission is not acknowledged.
pub(super) fn states(all: &mut [Submission]) -> Result<BTreeMap<TrialId, JobState>, RunError> {
    let mut tasks = newest(all);
    tasks.retain(|_, (at, task)| !all[*at].record.acknowledged.contains_key(task));
    if tasks.is_empty() {
        return Ok(BTreeMap::new());
    }
    let queue = commands::squeue()?;
    adopt(all, &queue)?;
    let waiting: BTreeMap<(u64, usize), TaskState> =
        queue.into_iter().map(|state| ((state.job, state.task), state)).collect();
    let tries = tries(all);
    let mut remembered = BTreeMap::new();
    let mut known = BTreeMap::new();
    for (trial, (at, task)) in tasks {
        // Slurm never accepted the job.
        let Some(job) = all[at].record.job else { continue };
        let state = match waiting.get(&(job, task)) {
            Some(state) => Some(state),
            None => {
                if let Entry::Vacant(new) = remembered.entry(job) {
                    new.insert(commands::tasks(job)?);
                }
                remembered[&job].get(&task)
            }
        };
        // A controller that lost its state counts jobs from 1 again. Accounts have no key.
        let ours = |state: &&TaskState| state.comment.is_empty() || state.comment == all[at].record.key;
        let state = state.filter(ours);
        let seen = match state {
            Some(state) if state.ended().is_none() && state.runs() => {
                JobState::Running { job: name(job, task), on: state.on.clone() }
            }
            Some(state) if state.ended().is_none() => JobState::Queued { job: name(job, task), why: why(state) },
            Some(state) if just_succeeded(state) => JobState::Running { job: name(job, task), on: state.on.clone() },
            ended => JobState::Ended(JobEnd {
                job: name(job, task),
                on: ended.map(|state| state.on.clone()).unwrap_or_default(),
                how: cause(ended, all[at].record.cancelled.contains(&task)),
                tries: tries.get(&trial).copied().unwrap_or(0),
                steps_before: all[at].record.tasks[task].steps,
            }),
        };
        known.insert(trial, seen);
    }
    Ok(known)
}

/// Cause of the end of a task. A cancellation by the user explains every end but an exit of the worker.
fn cause(state: Option<&TaskState>, cancelled: bool) -> EndCause {
    match state.and_then(TaskState::ended).unwrap_or(EndCause::Unknown) {
        exited @ EndCause::Exited { signal: None, .. } => exited,
        _ if cancelled => EndCause::Stopped,
        cause => cause,
    }
}

/// Adds the job number to submissions whose submitter died before it could record it.
fn adopt(all: &mut [Submission], queue: &[TaskState]) -> Result<(), RunError> {
    for submission in all.iter_mut().filter(|one| one.record.job.is_none()) {
        if let Some(state) = queue.iter().find(|state| state.comment == submission.record.key) {
            submission.set_job(state.job);
            submission.save()?;
        }
    }
    Ok(())
}

/// Returns whether the task has just ended with exit code 0.
fn just_succeeded(state: &TaskState) -> bool {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let well = EndCause::Exited { code: Some(i32::from(exit::DONE)), signal: None };
    state.ended() == Some(well) && state.end_s.is_some_and(|end| now.saturating_sub(end) < RECORD_LATE_S)
}

fn why(state: &TaskState) -> String {
    if state.why.is_empty() || state.why == "None" { state.state.to_lowercase() } else { state.why.clone() }
}

/// Name of a task for Slurm's commands.
fn name(job: u64, task: usize) -> String {
    format!("{job}_{task}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::executors::slurm::queue::accounts;

    #[test]
    fn a_cancellation_by_the_user_explains_every_end_but_an_exit() {
        let state = |text: &str| accounts(&format!("7_0|{text}|120|1795549606|n1\n")).remove(0);
        for (state, cancelled, expected) in [
            (None, true, EndCause::Stopped),
            (None, false, EndCause::Unknown),
            (Some(state("NODE_FAIL|0:0")), true, EndCause::Stopped),
            (Some(state("FAILED|0:9")), true, EndCause::Stopped),
            (Some(state("FAILED|0:9")), false, EndCause::Exited { code: None, signal: Some(9) }),
            (Some(state("FAILED|10:0")), true, EndCause::Exited { code: Some(10), signal: None }),
            (Some(state("PENDING|0:0")), false, EndCause::Unknown),
        ] {
            assert_eq!(cause(state.as_ref(), cancelled), expected, "{state:?}");
        }
    }
}
