//! How every trial of a plan stands: by its own record, refined by its executor.

use protocol::{final_status, outcome_in};
use std::collections::{BTreeMap, HashSet};
use std::io;

use protocol::{GridDir, Status, Trial, TrialDir, TrialId};

use super::executor::JobState;
use crate::trial_folder::TraceSummary;
use protocol::FolderLock;
use protocol::Plan;

/// How a trial stands.
#[derive(Clone, Debug, PartialEq)]
pub struct TrialStatus {
    /// The trial's identity.
    pub id: TrialId,
    /// What is to be done.
    pub trial: Trial,
    /// In a word.
    pub state: State,
    /// Steps done, by its trace.
    pub steps: u64,
    /// Why, where, or what it waits for; empty if there is nothing to say.
    pub note: String,
}

/// In a word.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// It is over, and this is how.
    Over(Status),
    /// It is trained, and lacks a measure that it is asked for now.
    Unmeasured,
    /// A worker holds its folder, or an executor says that one is alive.
    Running,
    /// An executor has it in its queue.
    Queued,
    /// Its job has ended without a word of its own, and nobody has written so yet.
    Ended,
    /// It has a checkpoint, and nobody works on it.
    Interrupted,
    /// Nothing is known of it.
    NotRun,
}

impl State {
    /// For tables.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Over(status) => status.word(),
            Self::Unmeasured => "measure",
            Self::Running => "running",
            Self::Queued => "queued",
            Self::Ended => "ended",
            Self::Interrupted => "interrupted",
            Self::NotRun => "not_run",
        }
    }
}

/// Every trial of the plan once, in its order. `seen` is what the executor knows; `None` if it could not be asked.
///
/// # Errors
/// A record that is there and cannot be read; the error names the file.
pub fn trial_statuses(
    grid: &GridDir,
    plan: &Plan,
    seen: Option<&BTreeMap<TrialId, JobState>>,
) -> io::Result<Vec<TrialStatus>> {
    let mut known = HashSet::new();
    let trials = plan.trials.iter().map(|trial| (trial.id(), trial)).filter(|(id, _)| known.insert(id.clone()));
    trials.map(|(id, trial)| trial_status(&grid.trial(&id), trial, seen.and_then(|seen| seen.get(&id)), id)).collect()
}

fn trial_status(dir: &TrialDir, trial: &Trial, seen: Option<&JobState>, id: TrialId) -> io::Result<TrialStatus> {
    let outcome = outcome_in(dir)?;
    let of = |state, steps, note: String| TrialStatus { id, trial: trial.clone(), state, steps, note };
    if let Some(status) = final_status(dir, trial)? {
        let note = status.reason().unwrap_or_default();
        return Ok(of(State::Over(status), outcome.map_or(0, |outcome| outcome.steps), note));
    }
    let steps = TraceSummary::read(&dir.trace()).steps;
    // Whoever starts a worker waits for a folder that is held for a moment.
    let held = dir.0.exists() && FolderLock::take(dir)?.is_none();
    Ok(match seen {
        Some(JobState::Running { job, on }) => of(State::Running, steps, format!("job {job} on {on}")),
        _ if held => of(State::Running, steps, String::new()),
        Some(JobState::Queued { job, why }) => of(State::Queued, steps, format!("job {job}: {why}")),
        Some(JobState::Ended(end)) => of(State::Ended, steps, format!("job {} {}", end.job, end.how.words())),
        None if outcome.is_some() => of(State::Unmeasured, steps, String::new()),
        None if dir.checkpoint().exists() => of(State::Interrupted, steps, String::new()),
        None => of(State::NotRun, steps, String::new()),
    })
}
