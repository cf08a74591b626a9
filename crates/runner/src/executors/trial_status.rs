//! States of a plan's trials, from their records and the executor.

use std::collections::{BTreeMap, HashSet};

use protocol::{
    FolderLock, GridDir, Plan, Remedy, Status, Trial, TrialDir, TrialId, Unreadable, blocked, final_status, outcome_in,
};

use super::executor::JobState;
use crate::trial_folder::TraceSummary;

/// State of a trial, with details.
#[derive(Clone, Debug, PartialEq)]
pub struct TrialStatus {
    /// Id of the trial.
    pub id: TrialId,
    /// The trial as planned.
    pub trial: Trial,
    /// State of the trial.
    pub state: State,
    /// Number of steps done, from its trace.
    pub steps: u64,
    /// Reason, machine or cause of waiting; may be empty.
    pub note: String,
}

/// State of a trial.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// The trial has ended with this status.
    Over(Status),
    /// The trial is trained and lacks a measure.
    Unmeasured,
    /// A worker holds the folder, or the executor reports a running worker.
    Running,
    /// The job waits in the executor's queue.
    Queued,
    /// The job has ended without an outcome, and `collect` has not recorded it yet.
    Ended,
    /// The trial has a checkpoint and no worker.
    Interrupted,
    /// A record of the trial exists and cannot be used.
    Unreadable,
    /// The trial is done and lacks a measure, and its trained model is gone.
    ModelLost,
    /// The trial has not run.
    NotRun,
}

impl State {
    /// Name of the state in tables.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Over(status) => status.word(),
            Self::Unmeasured => "measure",
            Self::Running => "running",
            Self::Queued => "queued",
            Self::Ended => "ended",
            Self::Interrupted => "interrupted",
            Self::Unreadable => "unreadable",
            Self::ModelLost => "model_lost",
            Self::NotRun => "not_run",
        }
    }
}

/// States of all distinct trials of the plan, in its order. `states` are the executor's;
/// `None` if it does not answer.
#[must_use]
pub fn trial_statuses(grid: &GridDir, plan: &Plan, states: Option<&BTreeMap<TrialId, JobState>>) -> Vec<TrialStatus> {
    let mut known = HashSet::new();
    let trials = plan.trials.iter().map(|trial| (grid.id(trial), trial)).filter(|(id, _)| known.insert(id.clone()));
    trials
        .map(|(id, trial)| trial_status(&grid.trial(&id), trial, states.and_then(|states| states.get(&id)), id))
        .collect()
}

fn trial_status(dir: &TrialDir, trial: &Trial, job: Option<&JobState>, id: TrialId) -> TrialStatus {
    let of = |state, steps, note: String| TrialStatus { id, trial: trial.clone(), state, steps, note };
    let records = || {
        let over = (outcome_in(dir)?, final_status(dir, trial)?);
        // The lock is held for a moment; a process that starts a worker retries. A folder that cannot be written has no
        // worker.
        let held = over.1.is_none() && dir.0.exists() && FolderLock::take(dir).is_ok_and(|lock| lock.is_none());
        Ok((over.0, over.1, held))
    };
    let known = blocked(dir).map_or_else(|| records().map_err(|error| Unreadable::of(&error)), Err);
    let (outcome, over, held) = match known {
        Ok(known) => known,
        Err(unreadable) => {
            let state = if unreadable.remedy == Remedy::Train { State::ModelLost } else { State::Unreadable };
            return of(state, 0, format!("{unreadable}; {}", unreadable.help()));
        }
    };
    if let Some(status) = over {
        let note = status.reason().unwrap_or_default();
        return of(State::Over(status), outcome.map_or(0, |outcome| outcome.steps), note);
    }
    let steps = TraceSummary::read(&dir.trace()).steps;
    match job {
        Some(JobState::Running { job, on }) => of(State::Running, steps, format!("job {job} on {on}")),
        _ if held => of(State::Running, steps, String::new()),
        Some(JobState::Queued { job, why }) => of(State::Queued, steps, format!("job {job}: {why}")),
        Some(JobState::Ended(end)) => of(State::Ended, steps, format!("job {} {}", end.job, end.how.words())),
        None if outcome.is_some() => of(State::Unmeasured, steps, String::new()),
        None if dir.checkpoint().exists() => of(State::Interrupted, steps, String::new()),
        None => of(State::NotRun, steps, String::new()),
    }
}
