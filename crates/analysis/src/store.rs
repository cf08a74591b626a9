//! Records of the trials under `results/<grid>`, in the order of the plan. All analyses read results through this
//! module.

use protocol::completion::belongs_to;
use protocol::text::portable;
use protocol::{
    GridDir, Machine, Measurement, Outcome, Plan, Status, Trial, TrialDir, TrialId, Unreadable, atomic,
    measurements_in, outcome_in,
};

use crate::unstated_controls::add_unstated;
use crate::unstated_likelihoods::add_unstated_likelihoods;

/// A trial with its outcome and its figures.
#[derive(Clone, Debug)]
pub struct Record {
    /// Id under which the results are kept: that of the trial, or of the first scheme ([`GridDir::id`]).
    pub id: TrialId,
    /// The trial as planned.
    pub trial: Trial,
    /// Folder of the trial; it may not exist yet.
    pub dir: TrialDir,
    /// Outcome; `None` until the trial ends, and if its outcome or its measurements are unreadable.
    pub outcome: Option<Outcome>,
    /// Figures: those of the trial's measures, then those of the timing pass.
    pub measurements: Vec<Measurement>,
    /// The first record of the trial that exists and cannot be used.
    pub unreadable: Option<Unreadable>,
}

impl Record {
    /// Returns whether the trial is trained and measured.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.outcome.as_ref().is_some_and(|outcome| outcome.status == Status::Done)
    }
}

/// Reads the record of every trial of the plan, in its order.
///
/// A missing folder or a folder without an outcome is a trial that has not ended. An unreadable record concerns its trial
/// alone: see [`Record::unreadable`].
#[must_use]
pub fn records(grid: &GridDir, plan: &Plan) -> Vec<Record> {
    plan.trials.iter().map(|trial| record(grid, trial)).collect()
}

/// Reads the record of one trial.
#[must_use]
pub fn record(grid: &GridDir, trial: &Trial) -> Record {
    let id = grid.id(trial);
    let dir = grid.trial(&id);
    let of_the_trial = outcome_in(&dir).and_then(|outcome| Ok((outcome, measurements_in(&dir)?)));
    let of_the_timing_pass = atomic::read_json_if_exists::<Vec<Measurement>>(&dir.throughput());
    let error = of_the_trial.as_ref().err().or(of_the_timing_pass.as_ref().err());
    let unreadable = error.map(Unreadable::of);
    let (outcome, measurements) = of_the_trial.unwrap_or_default();
    let outcome = outcome.map(|outcome| Outcome { status: without_local_paths(outcome.status), ..outcome });
    let mut measurements = current(measurements, trial);
    let mut timed = of_the_timing_pass.ok().flatten().unwrap_or_default();
    // Records of earlier versions do not name the machine; it was nearly always that of the trial.
    let trained_on = outcome.as_ref().map(|outcome| Machine::of(&outcome.host, outcome.device.as_ref()));
    for figure in timed.iter_mut().filter(|figure| figure.machine.is_none()) {
        figure.machine = trained_on.clone().map(Box::new);
    }
    measurements.extend(timed);
    add_unstated(&mut measurements);
    add_unstated_likelihoods(&mut measurements);
    for figure in &mut measurements {
        figure.reason = figure.reason.take().map(|reason| portable(&reason));
    }
    Record { id, trial: trial.clone(), dir, outcome, measurements, unreadable }
}

/// A status whose reason names no folder of the machine that ran the trial.
fn without_local_paths(status: Status) -> Status {
    match status {
        Status::Refused { why } => Status::Refused { why: portable(&why) },
        Status::Crashed { signal, code, tail } => Status::Crashed { signal, code, tail: portable(&tail) },
        Status::OutOfMemory { tail } => Status::OutOfMemory { tail: portable(&tail) },
        other => other,
    }
}

/// Removes figures of earlier settings of a measure if a figure of the current settings has the same name.
fn current(mut known: Vec<Measurement>, trial: &Trial) -> Vec<Measurement> {
    let requested = |figure: &Measurement| trial.measure.iter().any(|spec| belongs_to(figure, spec));
    let names: Vec<String> =
        known.iter().filter(|figure| requested(figure)).map(|figure| figure.name.clone()).collect();
    known.retain(|figure| requested(figure) || !names.contains(&figure.name));
    known
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::fixtures::{measure, trial};
    use protocol::{Direction, Kind, Unit};
    use serde_json::json;

    fn plan() -> Plan {
        Plan::new("g", vec![trial("v", 2), trial("v", 1)])
    }

    fn figure(name: &str) -> Measurement {
        Measurement::new(name, Kind::Exact, Unit::Nats, Direction::Lower, 1.0)
    }

    #[test]
    fn a_trial_that_has_not_ended_is_a_record_without_outcome() {
        let folder = tempfile::tempdir().unwrap();
        let records = records(&GridDir::new(folder.path(), "g"), &plan());
        assert_eq!(records.iter().map(|record| record.trial.seed).collect::<Vec<_>>(), [2, 1]);
        assert!(records.iter().all(|record| record.outcome.is_none() && record.measurements.is_empty()));
    }

    #[test]
    fn throughput_follows_the_figures_of_the_measures() {
        let folder = tempfile::tempdir().unwrap();
        let grid = GridDir::new(folder.path(), "g");
        let dir = grid.trial(&plan().trials[1].id());
        atomic::write_json(&dir.throughput(), &[figure("train_images_per_s")]).unwrap();
        atomic::write_json(&dir.measurements(), &[figure("nll")]).unwrap();
        let records = records(&grid, &plan());
        assert!(records[0].measurements.is_empty());
        let names: Vec<_> = records[1].measurements.iter().map(|figure| figure.name.as_str()).collect();
        assert_eq!(names, ["nll", "train_images_per_s"]);
    }

    #[test]
    fn figures_of_earlier_settings_are_removed() {
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
            plan.trials[0].measure = vec![measure("iwae", json!({"k": k}))].into();
            let record = record(&grid, &plan.trials[0]);
            record.measurements.iter().filter_map(|figure| figure.value).collect()
        };
        assert_eq!(values(50), [2.0, 3.0]);
        assert_eq!(values(5), [1.0, 3.0]);
        // No figure has the requested settings: all figures are kept.
        assert_eq!(values(500), [1.0, 2.0, 3.0]);
    }

    #[test]
    fn an_unreadable_record_concerns_its_trial_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (grid, plan) = (GridDir::new(folder.path(), "g"), plan());
        let dir = |at: usize| grid.trial(&plan.trials[at].id());
        for at in [0, 1] {
            let outcome = protocol::fixtures::outcome(plan.trials[at].id(), Status::Done);
            atomic::write_json(&dir(at).outcome(), &outcome).unwrap();
            atomic::write_json(&dir(at).measurements(), &[figure("nll")]).unwrap();
        }
        for (path, still_done) in
            [(dir(0).throughput(), true), (dir(0).measurements(), false), (dir(0).outcome(), false)]
        {
            atomic::write(&path, b"{").unwrap();
            let records = records(&grid, &plan);
            let unreadable = records[0].unreadable.as_ref().expect("the record is torn");
            assert!(unreadable.message.contains(&path.display().to_string()), "{unreadable}");
            assert_eq!(records[0].is_done(), still_done);
            assert_eq!(records[0].measurements.len(), usize::from(still_done));
            assert!(records[1].is_done() && records[1].unreadable.is_none());
        }
    }
}
