//! State of a trial: the column `status` of every table.

use protocol::{COLLAPSED, Status, TrialId};

use crate::store::Record;

/// Status of a trial whose outcome or measurements cannot be used.
const UNREADABLE: &str = "unreadable";

/// State of a trial, with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrialState {
    /// Id of the trial.
    pub id: TrialId,
    /// Seed of the trial.
    pub seed: u64,
    /// `not_run`, `unreadable`, or the name of the outcome class.
    pub status: &'static str,
    /// Reason why the trial is not done.
    pub reason: Option<String>,
    /// Result of the measure `collapse`; `None` without that measure or if the trial is not done.
    pub collapse: Option<Collapse>,
}

/// Result of the measure `collapse` on a trained model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collapse {
    /// `true` if the model collapsed.
    pub collapsed: bool,
    /// Signs of the collapse.
    pub signs: Option<String>,
}

impl TrialState {
    /// State of `record`.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        let (status, reason) = match &record.outcome {
            Some(outcome) => (outcome.status.word(), outcome.status.reason()),
            None if let Some(unreadable) = &record.unreadable => (UNREADABLE, Some(unreadable.message.clone())),
            None if record.dir.trace().exists() => ("not_run", Some("started, not ended".to_owned())),
            None => ("not_run", Some("not started".to_owned())),
        };
        let collapse = |outcome: &protocol::Outcome| {
            let figure = record.measurements.iter().find(|figure| figure.name == COLLAPSED)?;
            let collapsed = figure.value.filter(|_| outcome.status == Status::Done)? > 0.5;
            Some(Collapse { collapsed, signs: figure.reason.clone() })
        };
        let collapse = record.outcome.as_ref().and_then(collapse);
        Self { id: record.id.clone(), seed: record.trial.seed, status, reason, collapse }
    }

    /// Returns whether the trial is trained and measured.
    #[must_use]
    pub fn done(&self) -> bool {
        self.status == Status::Done.word()
    }

    /// Returns whether the trial has no outcome that can be used.
    #[must_use]
    pub fn not_run(&self) -> bool {
        self.status == "not_run" || self.status == UNREADABLE
    }

    /// Returns whether the trial is done and its model has collapsed.
    #[must_use]
    pub fn collapsed(&self) -> bool {
        self.collapse.as_ref().is_some_and(|collapse| collapse.collapsed)
    }

    /// Status in words (`collapsed` for a done trial with a collapsed model), and the reason.
    #[must_use]
    pub fn status_and_reason(&self) -> (String, Option<&str>) {
        match &self.collapse {
            Some(collapse) if collapse.collapsed => (COLLAPSED.to_owned(), collapse.signs.as_deref()),
            _ => (self.status.replace('_', " "), self.reason.as_deref()),
        }
    }

    /// Returns whether the trial ended without being done.
    #[must_use]
    pub fn failed(&self) -> bool {
        !self.done() && !self.not_run()
    }
}
