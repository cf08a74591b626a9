//! Check whether a trial is complete, from the records in its folder.
//!
//! Parent and worker share this check: a worker that starts on a complete trial ends at once.

use std::io;

use crate::outcome::OUTCOME_SCHEMA;
use crate::trial::TRIAL_SCHEMA;
use crate::versioned_record::read_versioned;
use crate::{MeasureSpec, Measurement, Outcome, Status, TakenBy, Trial, TrialDir, atomic};

/// The outcome in a trial's folder, if the trial has ended.
///
/// # Errors
/// The file exists and cannot be used; the error names it, and [`Unreadable`](crate::Unreadable) has the advice.
pub fn outcome_in(dir: &TrialDir) -> io::Result<Option<Outcome>> {
    read_versioned(&dir.outcome(), OUTCOME_SCHEMA, |outcome: &Outcome| outcome.schema)
}

/// The trial in a trial's folder.
///
/// # Errors
/// The file is missing or cannot be used; the error names it.
pub fn trial_in(dir: &TrialDir) -> io::Result<Trial> {
    let missing = || io::Error::new(io::ErrorKind::NotFound, format!("{}: no such file", dir.trial().display()));
    read_versioned(&dir.trial(), TRIAL_SCHEMA, |trial: &Trial| trial.schema)?.ok_or_else(missing)
}

/// The measurements in a trial's folder; none if there is no such file.
///
/// # Errors
/// As for [`outcome_in`].
pub fn measurements_in(dir: &TrialDir) -> io::Result<Vec<Measurement>> {
    Ok(atomic::read_json_if_exists(&dir.measurements())?.unwrap_or_default())
}

/// The final status of a trial; `None` if the trial is not complete.
///
/// A finished trial that lacks a requested measure is not complete: its worker takes the measure without training.
///
/// # Errors
/// A file exists and cannot be read; the error names it.
pub fn final_status(dir: &TrialDir, trial: &Trial) -> io::Result<Option<Status>> {
    let Some(outcome) = outcome_in(dir)? else { return Ok(None) };
    let lacking = outcome.status == Status::Done && lacks_a_measure(dir, trial)?;
    Ok((!lacking).then_some(outcome.status))
}

/// Whether `figure` is a measurement of `spec`: same measure, settings and version.
#[must_use]
pub fn belongs_to(figure: &Measurement, spec: &MeasureSpec) -> bool {
    figure.measure == spec.name && figure.settings == spec.config && figure.version == spec.version
}

fn lacks_a_measure(dir: &TrialDir, trial: &Trial) -> io::Result<bool> {
    let known = measurements_in(dir)?;
    let mut workers = trial.measure.iter().filter(|spec| spec.taken_by() == TakenBy::Worker);
    Ok(workers.any(|spec| !known.iter().any(|figure| belongs_to(figure, spec))))
}
