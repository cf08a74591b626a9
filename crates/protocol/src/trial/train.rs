//! Training of a trial: length, batches, learning-rate schedule, optimiser, and the state that is measured.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::Optim;

/// Factor on every learning rate, as a function of the step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Schedule {
    /// Always 1.
    #[default]
    Constant,
    /// From 1 to 0 along half a cosine.
    Cosine,
    /// From 1 to 0 linearly.
    Linear,
    /// From 1, multiplied by `gamma` at each of the `milestones`.
    Step,
}

/// State of the model that is measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// The state after the last step.
    #[default]
    Last,
    /// The state with the best score on the validation split.
    Best,
}

/// Length of training, in steps, with batches, schedule, optimiser and evaluation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainSpec {
    /// Optimisation steps.
    pub steps: u64,
    /// Images per step.
    pub batch_size: usize,
    /// Schedule of the learning rates.
    pub schedule: Schedule,
    /// Steps between two evaluations on the validation split, each with a checkpoint.
    pub eval_every: u64,
    /// State that is measured.
    pub keep: Keep,
    /// Number of evaluations in a row without improvement after which training stops.
    pub patience: Option<u32>,
    /// Number of steps in which the learning rates rise linearly, before they follow the schedule alone.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub warmup: u64,
    /// Fractions of the training at which the schedule `step` lowers the learning rates, in rising order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub milestones: Vec<f64>,
    /// Factor of the schedule `step` at each milestone.
    #[serde(default = "default_gamma", skip_serializing_if = "is_default_gamma")]
    pub gamma: f64,
    /// Optimiser.
    #[serde(default, skip_serializing_if = "Optim::is_default", with = "crate::optim::record")]
    pub optim: Optim,
}

fn is_zero(steps: &u64) -> bool {
    *steps == 0
}

fn default_gamma() -> f64 {
    TrainSpec::GAMMA
}

fn is_default_gamma(gamma: &f64) -> bool {
    *gamma == TrainSpec::GAMMA
}

impl TrainSpec {
    /// Factor of the schedule `step` if none is set.
    pub const GAMMA: f64 = 0.1;

    /// Training of this length, with the default of every other setting.
    #[must_use]
    pub fn new(steps: u64, batch_size: usize, eval_every: u64) -> Self {
        Self {
            steps,
            batch_size,
            schedule: Schedule::default(),
            eval_every,
            keep: Keep::default(),
            patience: None,
            warmup: 0,
            milestones: Vec::new(),
            gamma: Self::GAMMA,
            optim: Optim::default(),
        }
    }

    /// Factor on every learning rate in step `step` of `steps`, counted from 0: that of the schedule, times that of the
    /// warm-up.
    #[must_use]
    pub fn lr_factor(&self, step: u64, steps: u64) -> f64 {
        let part = step as f64 / steps.max(1) as f64;
        let of_schedule = match self.schedule {
            Schedule::Constant => 1.0,
            Schedule::Cosine => 0.5 * (1.0 + (std::f64::consts::PI * part).cos()),
            Schedule::Linear => 1.0 - part,
            Schedule::Step => {
                let passed = self.milestones.iter().filter(|milestone| step as f64 >= **milestone * steps as f64);
                self.gamma.powi(passed.count() as i32)
            }
        };
        if step < self.warmup { of_schedule * ((step + 1) as f64 / self.warmup as f64) } else { of_schedule }
    }

    /// The settings without those that have their default. Steps, batch size and evaluation have none, because their
    /// defaults depend on the data. A setting that is added has a default here, or is left out of the record.
    pub(super) fn non_defaults(&self) -> Value {
        let mut settings = json!(self);
        let defaults =
            [("schedule", json!(Schedule::default())), ("keep", json!(Keep::default())), ("patience", Value::Null)];
        if let Value::Object(map) = &mut settings {
            map.retain(|key, value| !defaults.iter().any(|(name, default)| key == name && value == default));
        }
        settings
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Algorithm;

    fn with(schedule: Schedule) -> TrainSpec {
        TrainSpec { schedule, ..TrainSpec::new(100, 4, 5) }
    }

    #[test]
    fn schedules_start_at_one_and_end_at_zero() {
        for schedule in [Schedule::Cosine, Schedule::Linear] {
            assert_eq!(with(schedule).lr_factor(0, 100), 1.0);
            assert!(with(schedule).lr_factor(100, 100).abs() < 1e-12);
        }
        assert_eq!(with(Schedule::Constant).lr_factor(70, 100), 1.0);
    }

    #[test]
    fn the_step_schedule_falls_at_each_milestone() {
        let train = TrainSpec { milestones: vec![0.5, 0.75], gamma: 0.5, ..with(Schedule::Step) };
        let factors: Vec<f64> = [0, 49, 50, 74, 75, 99].map(|step| train.lr_factor(step, 100)).to_vec();
        assert_eq!(factors, [1.0, 1.0, 0.5, 0.5, 0.25, 0.25]);
        // A third of seven steps: from the third one, with the number 3, on.
        let third = TrainSpec { milestones: vec![1.0 / 3.0], ..with(Schedule::Step) };
        assert_eq!([2, 3].map(|step| third.lr_factor(step, 7)), [1.0, 0.1]);
    }

    #[test]
    fn the_warm_up_rises_to_the_schedule_and_leaves_it_unchanged_afterwards() {
        let warm = TrainSpec { warmup: 4, ..with(Schedule::Constant) };
        let factors: Vec<f64> = (0..6).map(|step| warm.lr_factor(step, 100)).collect();
        assert_eq!(factors, [0.25, 0.5, 0.75, 1.0, 1.0, 1.0]);
        for schedule in [Schedule::Cosine, Schedule::Linear] {
            let (plain, warm) = (with(schedule), TrainSpec { warmup: 10, ..with(schedule) });
            assert_eq!(warm.lr_factor(4, 100), plain.lr_factor(4, 100) * 0.5);
            assert!((9..100).all(|step| warm.lr_factor(step, 100) == plain.lr_factor(step, 100)));
        }
    }

    /// Records of a version without these settings are read, and a record without them is one of that version.
    #[test]
    fn settings_with_their_defaults_are_not_recorded() {
        let plain = TrainSpec::new(10, 4, 5);
        let first = json!({
            "steps": 10, "batch_size": 4, "schedule": "constant", "eval_every": 5, "keep": "last", "patience": null,
        });
        assert_eq!(json!(plain), first);
        assert_eq!(serde_json::from_value::<TrainSpec>(first).unwrap(), plain);
        let set = TrainSpec {
            warmup: 3,
            milestones: vec![0.5],
            gamma: 0.3,
            optim: Optim { algorithm: Algorithm::Sgd, momentum: 0.9, ema: 0.99, ..Optim::default() },
            ..plain
        };
        assert_eq!(json!(set)["optim"], json!({"algorithm": "sgd", "momentum": 0.9, "ema": 0.99}));
        assert_eq!(serde_json::from_value::<TrainSpec>(json!(set)).unwrap(), set);
        let mut unknown = json!(set);
        unknown["optim"]["momentun"] = json!(0.5);
        let message = serde_json::from_value::<TrainSpec>(unknown).expect_err("unknown").to_string();
        assert!(message.contains("momentun"), "{message}");
    }
}
