//! What lies under `results/<grid>`, in the plan's order. Tables and the report see a grid's
//! results through this alone.

use std::io;

use protocol::{GridDir, MeasureSpec, Measurement, Outcome, Status, Trial, TrialDir, TrialId, atomic};
use serde::de::DeserializeOwned;

use crate::Plan;

/// One trial and what is known of it.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its identity.
    pub id: TrialId,
    /// What was to be done.
    pub trial: Trial,
    /// Its folder, which need not exist yet.
    pub dir: TrialDir,
    /// How it ended; `None` while it has not.
    pub outcome: Option<Outcome>,
    /// What was measured: the trial's own measurements, then its throughput.
    pub measurements: Vec<Measurement>,
}

impl Record {
    /// Whether the trial was trained and measured.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.outcome.as_ref().is_some_and(|outcome| outcome.status == Status::Done)
    }
}

/// Every trial of the plan, in its order, with what its folder holds.
///
/// A folder that is missing, or has no outcome yet, is a trial that has not ended: no error.
///
/// # Errors
/// A record that is there and cannot be read; the error names the file.
pub fn records(grid: &GridDir, plan: &Plan) -> io::Result<Vec<Record>> {
    plan.trials.iter().map(|trial| record(grid, trial)).collect()
}

/// One trial with what its folder holds.
///
/// # Errors
/// As for [`records`].
pub fn record(grid: &GridDir, trial: &Trial) -> io::Result<Record> {
    let id = trial.id();
    let dir = grid.trial(&id);
    let outcome = optional(&dir.outcome())?;
    let mut measurements = standing(optional(&dir.measurements())?.unwrap_or_default(), trial);
    measurements.extend(optional::<Vec<Measurement>>(&dir.throughput())?.unwrap_or_default());
    Ok(Record { id, trial: trial.clone(), dir, outcome, measurements })
}

/// Without figures that the trial's measures, with other settings than now, gave the same name before.
fn standing(mut known: Vec<Measurement>, trial: &Trial) -> Vec<Measurement> {
    let asked = |figure: &Measurement| trial.measure.iter().any(|spec| is_of(figure, spec));
    let names: Vec<String> = known.iter().filter(|figure| asked(figure)).map(|figure| figure.name.clone()).collect();
    known.retain(|figure| asked(figure) || !names.contains(&figure.name));
    known
}

fn is_of(figure: &Measurement, spec: &MeasureSpec) -> bool {
    figure.measure == spec.name && figure.settings == spec.config && figure.version == spec.version
}

/// The outcome in a trial's folder, if the trial is over.
///
/// # Errors
/// The file is there and cannot be read; the error names it.
pub fn outcome(dir: &TrialDir) -> io::Result<Option<Outcome>> {
    optional(&dir.outcome())
}

/// How a trial ended, if there is nothing left to do for it. A trial that is done but lacks a
/// measure that it is now asked for is not over: its worker takes the measure without training.
///
/// # Errors
/// A file is there and cannot be read; the error names it.
pub fn over(dir: &TrialDir, trial: &Trial) -> io::Result<Option<Status>> {
    let Some(outcome) = outcome(dir)? else { return Ok(None) };
    let lacking = outcome.status == Status::Done && lacks_a_measure(dir, trial)?;
    Ok((!lacking).then_some(outcome.status))
}

/// Throughput leaves nothing in `measurements.json`: the timing pass takes it.
fn lacks_a_measure(dir: &TrialDir, trial: &Trial) -> io::Result<bool> {
    let known: Vec<Measurement> = optional(&dir.measurements())?.unwrap_or_default();
    Ok(trial
        .measure
        .iter()
        .filter(|spec| spec.name != "throughput")
        .any(|spec| !known.iter().any(|figure| is_of(figure, spec))))
}

fn optional<T: DeserializeOwned>(path: &std::path::Path) -> io::Result<Option<T>> {
    match atomic::read_json(path) {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{DataSpec, Direction, Keep, Kind, ModelSpec, Schedule, TrainSpec, Unit};
    use serde_json::json;

    fn plan() -> Plan {
        let trial = |seed| Trial {
            schema: protocol::trial::TRIAL_SCHEMA,
            grid: "g".into(),
            variant: "v".into(),
            section: None,
            model: ModelSpec { name: "m".into(), version: 1, config: json!({}) }.into(),
            data: DataSpec { name: "d".into(), version: 1, config: json!({}), hash: String::new() }.into(),
            train: TrainSpec {
                steps: 1,
                batch_size: 1,
                schedule: Schedule::Constant,
                eval_every: 1,
                keep: Keep::Last,
                patience: None,
            },
            seed,
            device: "flex".into(),
            measure: Vec::new().into(),
        };
        Plan {
            grid: "g".into(),
            about: String::new(),
            device_note: None,
            sections: Vec::new(),
            side_by_side: Vec::new(),
            trials: vec![trial(2), trial(1)],
            facts: vec![],
            compare: crate::Compare::default(),
        }
    }

    fn figure(name: &str) -> Measurement {
        Measurement::new(name, Kind::Exact, Unit::Nats, Direction::Lower, 1.0)
    }

    #[test]
    fn a_trial_that_has_not_ended_is_a_record_without_outcome() {
        let folder = tempfile::tempdir().unwrap();
        let records = records(&GridDir::new(folder.path(), "g"), &plan()).unwrap();
        assert_eq!(records.iter().map(|record| record.trial.seed).collect::<Vec<_>>(), [2, 1]);
        assert!(records.iter().all(|record| record.outcome.is_none() && record.measurements.is_empty()));
    }

    #[test]
    fn throughput_stands_after_the_trials_own_measurements() {
        let folder = tempfile::tempdir().unwrap();
        let grid = GridDir::new(folder.path(), "g");
        let dir = grid.trial(&plan().trials[1].id());
        atomic::write_json(&dir.throughput(), &[figure("train_images_per_s")]).unwrap();
        atomic::write_json(&dir.measurements(), &[figure("nll")]).unwrap();
        let records = records(&grid, &plan()).unwrap();
        assert!(records[0].measurements.is_empty());
        let names: Vec<_> = records[1].measurements.iter().map(|figure| figure.name.as_str()).collect();
        assert_eq!(names, ["nll", "train_images_per_s"]);
    }

    #[test]
    fn a_measure_taken_with_other_settings_gives_way() {
        let taken = |name: &str, k: u64, value: f64| Measurement {
            measure: "iwae".into(),
            settings: json!({"k": k}),
            value: Some(value),
            ..figure(name)
        };
        let folder = tempfile::tempdir().unwrap();
        let (grid, mut plan) = (GridDir::new(folder.path(), "g"), plan());
        let both = [taken("iwae", 5, 1.0), taken("iwae", 50, 2.0), taken("alone", 5, 3.0)];
        atomic::write_json(&grid.trial(&plan.trials[0].id()).measurements(), &both).unwrap();
        let mut values = |k: u64| -> Vec<f64> {
            let spec = MeasureSpec::new("iwae", 1, json!({"k": k}));
            plan.trials[0].measure = vec![spec].into();
            let record = record(&grid, &plan.trials[0]).unwrap();
            record.measurements.iter().filter_map(|figure| figure.value).collect()
        };
        assert_eq!(values(50), [2.0, 3.0]);
        assert_eq!(values(5), [1.0, 3.0]);
        // Asked for in a way that has not been taken yet: what is known stands.
        assert_eq!(values(500), [1.0, 2.0, 3.0]);
    }

    #[test]
    fn a_record_that_cannot_be_read_names_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let grid = GridDir::new(folder.path(), "g");
        atomic::write(&grid.trial(&plan().trials[0].id()).outcome(), b"{").unwrap();
        let error = records(&grid, &plan()).unwrap_err().to_string();
        assert!(error.contains("outcome.json"), "{error}");
    }
}
