//! Laws of measures.

use std::path::Path;

use engine::measure::{ControlModels, MeasureConfig, MeasureEntry, Subject as Measured};
use engine::progress::progress;
use engine::{GenerativeModel, ModelEntry};
use protocol::{MeasureSpec, Measurement, TakenBy};
use serde_json::{Value, json};

use crate::models::{Counts, Latent, Logistic, PairCritic, Prototypes, entry};
use crate::subject::{Subject, subjects};

/// Tests a measure with its default settings against the laws of measures. Call it in your own test.
///
/// - Empty settings resolve to the defaults, and an unknown key is refused by name.
/// - On each of the [tiny models](crate::models), trained on binary images, it returns at least one figure. Every
///   figure has a finite value or a reason for its absence.
/// - Every declared control is a control of one of the figures.
/// - Two measurements return the same figures, except for volatile ones.
/// - The measurement does not change the model: the progress quantity is equal bit for bit.
///
/// Only the first law applies to a measure of the timing pass, which does not measure a model.
///
/// # Panics
/// If a law is broken; the message lists measure, settings, model and law. Also if the settings do not support the data
/// of the tiny models; use [`check_measure_with`] then.
pub fn check_measure<S: MeasureConfig>() {
    check_measure_with(&MeasureEntry::of::<S>(), &json!({}));
}

/// Tests a measure with your own settings, as [`check_measure`].
///
/// # Panics
/// See [`check_measure`].
pub fn check_measure_with(entry: &MeasureEntry, settings: &Value) {
    if let Err(how) = obeys(entry, settings) {
        panic!("{} {settings}: {how}", entry.name);
    }
}

fn models() -> [ModelEntry; 5] {
    [entry::<Counts>(), entry::<Logistic>(), entry::<Latent>(), entry::<Prototypes>(), entry::<PairCritic>()]
}

fn obeys(measure: &MeasureEntry, settings: &Value) -> Result<(), String> {
    let defaults = (measure.defaults)();
    if (measure.resolve)(&json!({})).as_ref() != Ok(&defaults) {
        return Err(format!("empty settings do not resolve to the defaults, {defaults}"));
    }
    match (measure.resolve)(&json!({"no_such_setting": 1})) {
        Err(problems) if problems.iter().any(|problem| problem.path == "no_such_setting") => {}
        other => return Err(format!("the unknown key `no_such_setting` is not refused by name: {other:?}")),
    }
    let config = (measure.resolve)(settings).map_err(|problems| format!("settings are refused: {problems:?}"))?;
    let spec = measure.spec(config);
    if measure.taken_by != TakenBy::Worker {
        return Ok(());
    }
    for entry in models() {
        for subject in subjects(&entry) {
            (measure.check)(&spec.config, &subject.data.shape)
                .map_err(|problem| format!("refused on {} data: {problem}", subject.data_name))?;
            is_sound(measure, &spec, &subject, subject.trained()).map_err(|how| format!("{subject}: {how}"))?;
        }
    }
    Ok(())
}

/// Measures a model twice.
fn is_sound(
    measure: &MeasureEntry,
    spec: &MeasureSpec,
    subject: &Subject<'_>,
    model: &dyn GenerativeModel,
) -> Result<(), String> {
    let state = || progress(model, &subject.data.validation, 3).map(|progress| progress.value.to_bits());
    let before = state();
    let first = take(measure, spec, subject, model)?;
    if first.is_empty() {
        return Err("the measure returns no figure".to_owned());
    }
    for figure in &first {
        let is_explained = match figure.value {
            Some(value) => value.is_finite(),
            None => figure.reason.as_ref().is_some_and(|reason| !reason.is_empty()),
        };
        if figure.name.is_empty() || !is_explained {
            return Err(format!("a figure has no name, or neither a finite value nor a reason: {figure:?}"));
        }
    }
    for control in (measure.controls)(&spec.config) {
        if first.iter().all(|figure| figure.name != control.of) {
            return Err(format!(
                "`{}` is declared as a control of `{}`, which is no figure",
                control.name(),
                control.of
            ));
        }
    }
    let second = take(measure, spec, subject, model)?;
    let lasting = |figures: &[Measurement]| -> Vec<Measurement> {
        figures.iter().filter(|figure| !figure.volatile).cloned().collect()
    };
    if lasting(&first) != lasting(&second) {
        return Err(format!("measured twice, the figures are {first:?} and {second:?}"));
    }
    if state() == before { Ok(()) } else { Err("the model changed while it was measured".to_owned()) }
}

fn take(
    measure: &MeasureEntry,
    spec: &MeasureSpec,
    subject: &Subject<'_>,
    model: &dyn GenerativeModel,
) -> Result<Vec<Measurement>, String> {
    let folder = tempfile::tempdir().map_err(|error| format!("no folder to write to: {error}"))?;
    let dir: &Path = folder.path();
    let sha256 = subject.data.sha256();
    let measured = Measured { model, data: &subject.data, data_sha256: &sha256, seed: 0, dir, cache: dir };
    let models = ControlModels::new(|| Ok(subject.fresh(0, &crate::subject::flex()).snapshot()));
    measure.take_with(spec, &measured, &models).map_err(|error| format!("the measurement failed: {error}"))
}

#[cfg(test)]
mod tests;
