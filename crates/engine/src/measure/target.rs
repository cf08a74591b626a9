//! Training time and images until the progress quantity reaches a value.

use std::io;

use data::DataShape;
use protocol::event::read_trace;
use protocol::{Direction, Event, Kind, Measurement, Problem, Support, TrialDir, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MeasureConfig, MeasureError, Subject};
use crate::GenerativeModel;

/// Training cost until the progress quantity on the validation split is at most `value`.
///
/// - `time_to_target`: optimisation time in seconds, without evaluations.
/// - `images_to_target`: number of training images, repetitions counted.
///
/// Both refer to the first evaluation that reaches the value, so that `train.eval_every` is their resolution.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Target {
    /// Value to reach, such as 90 for an NLL in nats. Required. Lower is better for every progress quantity.
    value: Option<f64>,
}

const FIGURES: [(&str, Unit); 2] = [("time_to_target", Unit::Seconds), ("images_to_target", Unit::Count)];

impl MeasureConfig for Target {
    const NAME: &'static str = "target";
    const ABOUT: &'static str =
        "training time and images until the progress quantity on the validation split reaches a value";
    const VERSION: u32 = 2;

    fn check(&self, _data: &DataShape) -> Result<(), Problem> {
        if self.value.is_some_and(f64::is_finite) {
            return Ok(());
        }
        Err(Problem::new("value", "the value to reach is missing").help("a number, such as 90 for an NLL in nats"))
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let events = match read_trace(&TrialDir(subject.dir.to_owned()).trace()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            events => events?,
        };
        let reached = reached(&events, self.value.unwrap_or(f64::NEG_INFINITY));
        let (kind, support) = progress_kind(subject.model);
        let figure = |((name, unit), index): ((&str, Unit), usize)| {
            let figure = match &reached {
                Ok(Reached { costs, evaluation }) => {
                    Measurement::new(name, kind, unit, Direction::Lower, costs[index]).remark(evaluation.clone())
                }
                Err(reason) => Measurement::absent(name, kind, unit, Direction::Lower, reason.clone()),
            };
            Measurement { support, ..figure }
        };
        let [time, images] = [(FIGURES[0], 0), (FIGURES[1], 1)].map(figure);
        Ok(vec![time.volatile(), images])
    }
}

/// Kind and support of the figures for `model`, by its progress quantity, so that figures for different quantities are
/// not compared: an NLL is exact, a negative ELBO gives an upper bound, and a score of samples gives an estimate.
fn progress_kind(model: &dyn GenerativeModel) -> (Kind, Option<Support>) {
    if let Some(density) = model.density() {
        (Kind::Exact, Some(density.support()))
    } else if let Some(bound) = model.bound() {
        (Kind::UpperBound, Some(bound.support()))
    } else {
        (Kind::Estimate, model.sampler().map(|sampler| sampler.support()))
    }
}

/// Costs until the first evaluation that reaches the value: seconds and images; and a description of the evaluation.
struct Reached {
    costs: [f64; 2],
    evaluation: String,
}

/// First evaluation that reaches the value; the error is the reason why there is none.
///
/// A resumed trial repeats evaluations after its last checkpoint. For each step the last evaluation counts.
fn reached(events: &[Event], value: f64) -> Result<Reached, String> {
    let mut evaluations: Vec<&Event> = events.iter().filter(|event| event.name == "validation").collect();
    let step = |event: &Event| event.number("step").unwrap_or(f64::NAN);
    evaluations.reverse();
    evaluations.sort_by(|a, b| step(a).total_cmp(&step(b)));
    evaluations.dedup_by(|later, first| step(later) == step(first));
    let of = |event: &Event| event.number("value").unwrap_or(f64::NAN);
    let describe = |event: &Event| {
        let quantity = event.text("quantity").unwrap_or_default();
        format!("validation {quantity} {:.4} at step {}", of(event), step(event))
    };
    if let Some(event) = evaluations.iter().find(|event| of(event) <= value) {
        let (Some(time), Some(images)) = (event.number("train_s"), event.number("images")) else {
            return Err("the trace has no training time".to_owned());
        };
        return Ok(Reached { costs: [time, images], evaluation: describe(event) });
    }
    let best = evaluations.iter().filter(|event| of(event).is_finite()).min_by(|a, b| of(a).total_cmp(&of(b)));
    Err(match best {
        Some(best) => format!("{value} is not reached: the best is {}", describe(best)),
        None => "training has no evaluation".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use data::{Noise, Split};
    use serde_json::json;

    use super::*;
    use crate::{ExplicitDensity, Sampler};

    /// Model that draws grey images; with a density over binary images if the field is true.
    struct Model(bool);

    impl GenerativeModel for Model {
        fn parameters(&self) -> u64 {
            0
        }

        fn sampler(&self) -> Option<&dyn Sampler> {
            Some(self)
        }

        fn density(&self) -> Option<&dyn ExplicitDensity> {
            self.0.then_some(self as &dyn ExplicitDensity)
        }
    }

    impl Sampler for Model {
        fn support(&self) -> Support {
            Support::Continuous
        }

        fn sample(&self, count: usize, _: &mut Noise) -> Split {
            Split::new(vec![0.5; count], 1)
        }
    }

    impl ExplicitDensity for Model {
        fn support(&self) -> Support {
            Support::Binary
        }

        fn log_density(&self, images: &Split) -> Vec<f64> {
            vec![0.0; images.len()]
        }
    }

    #[test]
    fn kind_and_support_depend_on_the_progress_quantity() {
        let folder = tempfile::tempdir().expect("a folder");
        let line = serde_json::to_string(&evaluation(1, 10, 0.5)).expect("JSON");
        std::fs::write(folder.path().join("trace.jsonl"), line + "\n").expect("written");
        let shape = DataShape::new([1, 1, 1], Support::Binary, [1, 1, 1]);
        let data = data::Dataset::new(shape, [0.0, 1.0, 0.0].map(|pixel| Split::new(vec![pixel], 1)));
        let taken = |value: f64, has_density: bool| {
            let (model, dir) = (&Model(has_density), folder.path());
            let subject = Subject { model, data: &data, data_sha256: "", seed: 0, dir, cache: dir };
            let figures = Target { value: Some(value) }.measure(&subject).expect("the trace is read");
            (figures[1].value, figures[1].kind, figures[1].support)
        };
        assert_eq!(taken(21.0, true), (Some(640.0), Kind::Exact, Some(Support::Binary)));
        assert_eq!(taken(21.0, false), (Some(640.0), Kind::Estimate, Some(Support::Continuous)));
        // A figure without a value has the same kind and support.
        assert_eq!(taken(0.1, true), (None, Kind::Exact, Some(Support::Binary)));
    }

    fn evaluation(attempt: u32, step: u64, value: f64) -> Event {
        let fields = json!({
            "step": step, "value": value, "quantity": "nll", "train_s": step as f64 / 10.0, "images": 64 * step,
        });
        let line = json!({
            "v": 1, "unix_ms": 0, "at_s": 0.0, "attempt": attempt, "kind": "event", "level": "INFO",
            "name": "validation", "fields": fields,
        });
        serde_json::from_value(line).expect("an event")
    }

    #[test]
    fn the_first_evaluation_below_the_value_counts_with_the_last_attempt_of_each_step() {
        let events = [
            evaluation(1, 10, 30.0),
            evaluation(1, 20, 19.0),
            evaluation(2, 20, 25.0),
            evaluation(2, 30, 20.0),
            evaluation(2, 40, 18.0),
        ];
        let found = reached(&events, 20.0).map_err(|_| ()).expect("reached");
        assert_eq!((found.costs, found.evaluation.as_str()), ([3.0, 1920.0], "validation nll 20.0000 at step 30"));
        let never = reached(&events, 10.0).err().expect("not reached");
        assert_eq!(never, "10 is not reached: the best is validation nll 18.0000 at step 40");
        assert_eq!(reached(&[], 1.0).err().as_deref(), Some("training has no evaluation"));
    }

    #[test]
    fn the_value_is_required() {
        let shape = DataShape::new([1, 1, 1], protocol::Support::Binary, [1, 1, 1]);
        assert_eq!(Target::default().check(&shape).expect_err("refused").path, "value");
        assert!(Target { value: Some(20.0) }.check(&shape).is_ok());
    }
}
