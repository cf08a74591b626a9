//! Check whether a trial is complete, from the records in its folder.
//!
//! Parent and worker share this check: a worker that starts on a complete trial ends at once.

use std::io;

use crate::{MeasureSpec, Measurement, Outcome, Status, TakenBy, Trial, TrialDir, atomic};

/// The outcome in a trial's folder, if the trial has ended.
///
/// # Errors
/// The file exists and cannot be read; the error names it.
pub fn outcome_in(dir: &TrialDir) -> io::Result<Option<Outcome>> {
    atomic::read_json_if_exists(&dir.outcome())
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
    let known: Vec<Measurement> = atomic::read_json_if_exists(&dir.measurements())?.unwrap_or_default();
    let mut workers = trial.measure.iter().filter(|spec| spec.taken_by() == TakenBy::Worker);
    Ok(workers.any(|spec| !known.iter().any(|figure| belongs_to(figure, spec))))
}
