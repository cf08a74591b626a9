//! How a trial stands: the status column of every table.

use protocol::{Status, TrialId};

use crate::Record;

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
        Self { id: record.id.clone(), seed: record.trial.seed, status, reason }
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

    /// Over, and not done.
    #[must_use]
    pub fn failed(&self) -> bool {
        !self.done() && !self.not_run()
    }
}
