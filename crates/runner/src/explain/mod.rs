//! Explains what a run would do with each trial, and why.

#[cfg(test)]
mod tests;

use std::{fs, io};

use analysis::store;
use analysis::store::Record;
use protocol::text::count;
use protocol::{
    Build, Change, GridDir, MeasureSpec, Outcome, Status, Trial, TrialDir, TrialId, Unreadable, atomic, changes,
    outcome_in,
};
use serde::Serialize;

use crate::forecast::{Next, next};
use crate::other_builds::has_other_code;
use crate::outcome_class::RETRIED;

/// Next action of a run for a trial, with its reasons.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// Id of the trial.
    pub trial: TrialId,
    /// Label of its variant.
    pub variant: String,
    /// Seed of the trial.
    pub seed: u64,
    /// Next action: `done`, `measure`, `unreadable`, `failed`, `continue` or `train`.
    pub next: &'static str,
    /// Reasons, one per entry.
    pub why: Vec<String>,
    /// Most similar finished trial, if the trial is to be trained.
    pub nearest: Option<Nearest>,
}

/// A finished trial with its differences from the explained one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Nearest {
    /// Id of the finished trial.
    pub trial: TrialId,
    /// Label of its variant.
    pub variant: String,
    /// Seed of the finished trial.
    pub seed: u64,
    /// Inputs that differ, from the finished trial to the explained one.
    pub changes: Vec<Change>,
}

/// Explains trials of a grid from the records in its folder. `build` is the present program.
///
/// # Errors
/// The grid's folder cannot be listed.
pub fn explain(grid: &GridDir, trials: &[&Trial], build: &Build) -> io::Result<Vec<Explanation>> {
    let mut finished = None;
    let mut explanations = Vec::with_capacity(trials.len());
    for trial in trials {
        let record = store::record(grid, trial);
        let (next, unreadable) = match next(&record.dir, trial, record.outcome.as_ref()) {
            Ok(next) => (next, None),
            Err(error) => {
                let one = Unreadable::of(&error);
                (Next::without(&one), Some(one))
            }
        };
        let nearest = match next {
            Next::Train => {
                if finished.is_none() {
                    finished = Some(finished_trials(grid)?);
                }
                finished.as_deref().and_then(|all| nearest(trial, all))
            }
            _ => None,
        };
        let mut why = match unreadable {
            Some(unreadable) => vec![format!("{unreadable}; {}", unreadable.help())],
            None => why(next, &record, nearest.as_ref()),
        };
        why.extend(record.outcome.as_ref().and_then(|outcome| other_build(outcome, build)));
        let (variant, seed) = (trial.variant.clone(), trial.seed);
        explanations.push(Explanation { trial: record.id, variant, seed, next: next.word(), why, nearest });
    }
    Ok(explanations)
}

fn why(next: Next, record: &Record, nearest: Option<&Nearest>) -> Vec<String> {
    let status = record.outcome.as_ref().map(|outcome| &outcome.status);
    match next {
        Next::Done => match &record.outcome {
            Some(outcome) => vec![format!(
                "finished: {} in {}, {}",
                count(outcome.steps as usize, "step"),
                analysis::duration(outcome.train_s),
                count(record.measurements.len(), "figure")
            )],
            None => Vec::new(),
        },
        Next::Measure => record.trial.measure.iter().filter_map(|spec| lacking(spec, record)).collect(),
        Next::Failed => {
            let reason = status.and_then(Status::reason).unwrap_or_default();
            let word = status.map_or("failed", Status::word);
            let how = if RETRIED.contains(&word) { String::new() } else { format!("={word}") };
            vec![format!("status {word}: {reason}"), format!("`run --retry-failed{how}` runs it again")]
        }
        Next::Continue => vec![match step(&record.dir) {
            Some(step) => {
                format!("interrupted, with a checkpoint at step {step} of {}", record.trial.train.steps)
            }
            None => "interrupted, with a checkpoint".to_owned(),
        }],
        Next::Train if record.dir.trial().exists() => vec!["started earlier, without a checkpoint".to_owned()],
        Next::Train if nearest.is_some() => vec!["no finished trial has these inputs".to_owned()],
        Next::Train => vec!["this grid has no finished trial".to_owned()],
        Next::Unreadable | Next::ModelLost => Vec::new(),
    }
}

/// The build of a finished trial, if its code is not that of this program.
fn other_build(outcome: &Outcome, build: &Build) -> Option<String> {
    let how = "`run --rerun-if code` trains it again";
    has_other_code(outcome, build).then(|| match &outcome.build {
        Some(other) => format!("made by another build: {other}; this is {build}; {how}"),
        None => format!("made by an earlier version, {}, which did not record its code; {how}", outcome.genbench),
    })
}

/// Reason why a finished trial lacks a measure; `None` if it does not.
fn lacking(spec: &MeasureSpec, record: &Record) -> Option<String> {
    let name = &spec.name;
    let of_name: Vec<_> = record.measurements.iter().filter(|figure| figure.measure == *name).collect();
    if spec.taken_by().is_after_grid()
        || of_name.iter().any(|one| one.settings == spec.config && one.version == spec.version)
    {
        return None;
    }
    Some(match of_name.last() {
        None => format!("`{name}` is not measured yet"),
        Some(old) if old.settings == spec.config => {
            format!(
                "`{name}` was measured by version {} of the measure; the present version is {}",
                old.version, spec.version
            )
        }
        Some(old) => {
            let values = |settings: &serde_json::Value, key: &str| settings.get(key).cloned();
            let keys = spec.config.as_object().into_iter().flatten().map(|(key, _)| key);
            let differing = keys.filter(|key| values(&old.settings, key) != values(&spec.config, key));
            let differences = differing.map(|key| {
                let change = Change {
                    input: format!("{name}.{key}"),
                    before: values(&old.settings, key),
                    after: values(&spec.config, key),
                };
                change.to_string()
            });
            format!("`{name}` was measured with other settings: {}", differences.collect::<Vec<_>>().join(", "))
        }
    })
}

/// Step of a checkpoint.
fn step(dir: &TrialDir) -> Option<u64> {
    let state: serde_json::Value = atomic::read_json(&dir.checkpoint().join("state.json")).ok()?;
    state.get("step")?.as_u64()
}

/// Finished trials in the grid's folder, of this plan or an earlier one.
fn finished_trials(grid: &GridDir) -> io::Result<Vec<(TrialId, Trial)>> {
    let folders = match fs::read_dir(grid.trials()) {
        Ok(folders) => folders,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut trials: Vec<(TrialId, Trial)> = Vec::new();
    for folder in folders {
        let folder = folder?;
        let (id, dir) = (TrialId(folder.file_name().to_string_lossy().into_owned()), TrialDir(folder.path()));
        // An unreadable record of another trial is ignored.
        let done = outcome_in(&dir).is_ok_and(|known| known.is_some_and(|outcome| outcome.status == Status::Done));
        trials.extend(atomic::read_json::<Trial>(&dir.trial()).ok().filter(|_| done).map(|trial| (id, trial)));
    }
    trials.sort_by(|(_, a), (_, b)| (&a.variant, a.seed).cmp(&(&b.variant, b.seed)));
    Ok(trials)
}

/// Finished trial of the same label and seed, or the one that differs in the fewest inputs.
fn nearest(trial: &Trial, finished: &[(TrialId, Trial)]) -> Option<Nearest> {
    let differing = finished.iter().map(|(id, other)| (changes(other, trial), id, other));
    let near = differing.min_by_key(|(changes, _, other)| {
        let differs = (other.variant != trial.variant, other.seed != trial.seed);
        let families = changes.iter().filter(|change| ["model", "data"].contains(&change.input.as_str())).count();
        (differs.0 || differs.1, families, changes.len(), differs)
    });
    near.map(|(changes, id, other)| Nearest {
        trial: id.clone(),
        variant: other.variant.clone(),
        seed: other.seed,
        changes,
    })
}
