//! Check whether a trial is complete, from the records in its folder.
//!
//! Parent and worker share this check: a worker that starts on a complete trial ends at once.

use std::io;

use serde::Deserialize;

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
    let missing =
        || io::Error::new(io::ErrorKind::NotFound, format!("{}: no such file or folder", dir.trial().display()));
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
/// A file exists and cannot be used, or a finished trial lacks a measure and its trained model (`NotFound`); the error names
/// the path.
pub fn final_status(dir: &TrialDir, trial: &Trial) -> io::Result<Option<Status>> {
    let Some(outcome) = outcome_in(dir)? else { return Ok(None) };
    if outcome.status != Status::Done {
        return Ok(Some(outcome.status));
    }
    match lacking_measure(dir, trial)? {
        None => Ok(Some(Status::Done)),
        Some(_) if has_trained_model(dir) => Ok(None),
        Some(name) => {
            let path = dir.checkpoint();
            let message = format!("{}: the trained model is gone, so `{name}` cannot be taken", path.display());
            Err(io::Error::new(io::ErrorKind::NotFound, message))
        }
    }
}

/// Returns whether the checkpoint holds the state that is measured.
#[must_use]
pub fn has_trained_model(dir: &TrialDir) -> bool {
    #[derive(Deserialize)]
    struct State {
        kept: Option<u64>,
    }
    let checkpoint = dir.checkpoint();
    let state = atomic::read_json::<State>(&checkpoint.join("state.json"));
    state.is_ok_and(|state| state.kept.is_some()) && checkpoint.join("kept").is_dir()
}

/// Returns whether `figure` is a measurement of `spec`: same measure, settings and version.
#[must_use]
pub fn belongs_to(figure: &Measurement, spec: &MeasureSpec) -> bool {
    figure.measure == spec.name && figure.settings == spec.config && figure.version == spec.version
}

/// Name of the first requested measure without figures.
fn lacking_measure<'t>(dir: &TrialDir, trial: &'t Trial) -> io::Result<Option<&'t str>> {
    let known = measurements_in(dir)?;
    let mut workers = trial.measure.iter().filter(|spec| spec.taken_by() == TakenBy::Worker);
    Ok(workers.find(|spec| !known.iter().any(|figure| belongs_to(figure, spec))).map(|spec| spec.name.as_str()))
}
