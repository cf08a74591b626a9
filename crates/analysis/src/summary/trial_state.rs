//! How a trial stands: the status column of every table.

use protocol::{COLLAPSED, Status, TrialId};

use crate::store::Record;

/// A trial, how it stands and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrialState {
    /// The trial.
    pub id: TrialId,
    /// Its seed.
    pub seed: u64,
    /// `not_run`, or the outcome's word.
    pub status: &'static str,
    /// Why it is not done.
    pub reason: Option<String>,
    /// Whether the model collapsed and by what signs; `None` if it was not asked or the trial is not done.
    pub collapse: Option<Collapse>,
}

/// What the measure `collapse` says of a trained model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collapse {
    /// Whether it collapsed.
    pub collapsed: bool,
    /// The signs of it.
    pub signs: Option<String>,
}

impl TrialState {
    /// How `record` stands.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        let (status, reason) = match &record.outcome {
            Some(outcome) => (outcome.status.word(), outcome.status.reason()),
            None if record.dir.trace().exists() => ("not_run", Some("begun, not over".to_owned())),
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

    /// Trained and measured.
    #[must_use]
    pub fn done(&self) -> bool {
        self.status == Status::Done.word()
    }

    /// Neither done nor failed.
    #[must_use]
    pub fn not_run(&self) -> bool {
        self.status == "not_run"
    }

    /// Done, and what was trained has collapsed.
    #[must_use]
    pub fn collapsed(&self) -> bool {
        self.collapse.as_ref().is_some_and(|collapse| collapse.collapsed)
    }

    /// How it stands in words, `collapsed` for a done trial that has, and why.
    #[must_use]
    pub fn told(&self) -> (String, Option<&str>) {
        match &self.collapse {
            Some(collapse) if collapse.collapsed => (COLLAPSED.to_owned(), collapse.signs.as_deref()),
            _ => (self.status.replace('_', " "), self.reason.as_deref()),
        }
    }

    /// Over, and not done.
    #[must_use]
    pub fn failed(&self) -> bool {
        !self.done() && !self.not_run()
    }
}
