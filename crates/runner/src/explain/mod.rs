//! Explains what a run would do with each trial, and why.

#[cfg(test)]
mod tests;

use protocol::outcome_in;
use std::fs;
use std::io;

use protocol::{GridDir, MeasureSpec, Status, TakenBy, Trial, TrialDir, TrialId, atomic};
use serde::Serialize;

use crate::forecast::{Next, next};
use crate::outcome_class::RETRIED;
use analysis::store;
use analysis::store::Record;
use protocol::{Change, changes};

/// What a run would do with a trial, and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// The trial.
    pub trial: TrialId,
    /// Its variant's label.
    pub variant: String,
    /// Its seed.
    pub seed: u64,
    /// `done`, `measure`, `failed`, `continue` or `train`.
    pub next: &'static str,
    /// Reasons, a sentence each.
    pub why: Vec<String>,
    /// The finished trial that is most like it, if it is to be trained.
    pub nearest: Option<Nearest>,
}

/// A finished trial that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Nearest {
    /// The trial.
    pub trial: TrialId,
    /// What it was called.
    pub variant: String,
    /// Its seed.
    pub seed: u64,
    /// What has changed since.
    pub changes: Vec<Change>,
}

/// Explains trials of a grid by what lies in its folder, each as a run would find it.
///
/// # Errors
/// A record that is there and cannot be read; the error names the file.
pub fn explain(grid: &GridDir, trials: &[&Trial]) -> io::Result<Vec<Explanation>> {
    let mut finished = None;
    let mut told = Vec::with_capacity(trials.len());
    for trial in trials {
        let record = store::record(grid, trial)?;
        let next = next(&record.dir, trial, record.outcome.as_ref())?;
        let nearest = match next {
            Next::Train => {
                if finished.is_none() {
                    finished = Some(finished_trials(grid)?);
                }
                finished.as_deref().and_then(|all| nearest(trial, all))
            }
            _ => None,
        };
        let why = why(next, &record, nearest.as_ref());
        let (variant, seed) = (trial.variant.clone(), trial.seed);
        told.push(Explanation { trial: record.id, variant, seed, next: next.word(), why, nearest });
    }
    Ok(told)
}

fn why(next: Next, record: &Record, nearest: Option<&Nearest>) -> Vec<String> {
    let status = record.outcome.as_ref().map(|outcome| &outcome.status);
    match next {
        Next::Done => match &record.outcome {
            Some(outcome) => vec![format!(
                "it is finished: {} steps in {}, {} figures",
                outcome.steps,
                analysis::duration(outcome.train_s),
                record.measurements.len()
            )],
            None => Vec::new(),
        },
        Next::Measure => record.trial.measure.iter().filter_map(|spec| lacking(spec, record)).collect(),
        Next::Failed => {
            let reason = status.and_then(Status::reason).unwrap_or_default();
            let word = status.map_or("failed", Status::word);
            let how = if RETRIED.contains(&word) { String::new() } else { format!("={word}") };
            vec![format!("it ended as {word}: {reason}"), format!("`run --retry-failed{how}` tries it again")]
        }
        Next::Continue => vec![match step(&record.dir) {
            Some(step) => {
                format!("it was interrupted; its checkpoint stands at step {step} of {}", record.trial.train.steps)
            }
            None => "it was interrupted, and has left a checkpoint".to_owned(),
        }],
        Next::Train if record.dir.trial().exists() => vec!["it was begun, and left no checkpoint".to_owned()],
        Next::Train if nearest.is_some() => vec!["no trial with these inputs is finished".to_owned()],
        Next::Train => vec!["no trial of this grid is finished".to_owned()],
    }
}

/// What a finished trial lacks of a measure.
fn lacking(spec: &MeasureSpec, record: &Record) -> Option<String> {
    let name = &spec.name;
    let of_name: Vec<_> = record.measurements.iter().filter(|figure| figure.measure == *name).collect();
    if spec.taken_by() == TakenBy::TimingPass
        || of_name.iter().any(|one| one.settings == spec.config && one.version == spec.version)
    {
        return None;
    }
    Some(match of_name.last() {
        None => format!("`{name}` has not been taken"),
        Some(old) if old.settings == spec.config => {
            format!("`{name}` was taken by version {} of the measure, which is {} now", old.version, spec.version)
        }
        Some(old) => {
            let values = |settings: &serde_json::Value, key: &str| settings.get(key).cloned();
            let keys = spec.config.as_object().into_iter().flatten().map(|(key, _)| key);
            let differing = keys.filter(|key| values(&old.settings, key) != values(&spec.config, key));
            let told = differing.map(|key| {
                let change = Change {
                    input: format!("{name}.{key}"),
                    before: values(&old.settings, key),
                    after: values(&spec.config, key),
                };
                change.to_string()
            });
            format!("`{name}` was taken with other settings: {}", told.collect::<Vec<_>>().join(", "))
        }
    })
}

/// The step that a checkpoint stands at.
fn step(dir: &TrialDir) -> Option<u64> {
    let state: serde_json::Value = atomic::read_json(&dir.checkpoint().join("state.json")).ok()?;
    state.get("step")?.as_u64()
}

/// Every trial under the grid's folder that is done, of this plan or an earlier one.
fn finished_trials(grid: &GridDir) -> io::Result<Vec<Trial>> {
    let folders = match fs::read_dir(grid.trials()) {
        Ok(folders) => folders,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut trials: Vec<Trial> = Vec::new();
    for folder in folders {
        let dir = TrialDir(folder?.path());
        // An unreadable record of another trial is no reason to say nothing of this one.
        let done = outcome_in(&dir).is_ok_and(|known| known.is_some_and(|outcome| outcome.status == Status::Done));
        trials.extend(atomic::read_json::<Trial>(&dir.trial()).ok().filter(|_| done));
    }
    trials.sort_by(|a, b| (&a.variant, a.seed).cmp(&(&b.variant, b.seed)));
    Ok(trials)
}

/// The finished trial of the same label and seed, else the one that differs in the fewest inputs.
fn nearest(trial: &Trial, finished: &[Trial]) -> Option<Nearest> {
    let differing = finished.iter().map(|other| (changes(other, trial), other));
    let near = differing.min_by_key(|(changes, other)| {
        let strangers = (other.variant != trial.variant, other.seed != trial.seed);
        let families = changes.iter().filter(|change| ["model", "data"].contains(&change.input.as_str())).count();
        (strangers.0 || strangers.1, families, changes.len(), strangers)
    });
    near.map(|(changes, other)| Nearest {
        trial: other.id(),
        variant: other.variant.clone(),
        seed: other.seed,
        changes,
    })
}
