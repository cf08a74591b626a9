//! Learning curves, read from traces.

use std::collections::BTreeMap;

use protocol::event::is_run_scalar;
use protocol::{Event, EventKind};

/// Split on which a quantity was computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Split {
    Train,
    Validation,
}

impl Split {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Validation => "validation",
        }
    }
}

/// A quantity at a step. The value may be infinite or NaN: traces keep such values.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Point {
    pub(crate) value: f64,
    pub(crate) se: Option<f64>,
    pub(crate) n: Option<f64>,
    pub(crate) unit: Option<String>,
    pub(crate) attempt: u32,
    pub(crate) at_s: f64,
    /// Seconds since the start of training, with evaluations. Of an ended attempt, the time up to the step that was resumed.
    pub(crate) train_s: f64,
}

/// Points of one trial by split, quantity and step.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Curve(pub(crate) BTreeMap<(Split, String, u64), Point>);

impl Curve {
    /// Collects the points of `events`: losses and validation. Scalars of the run, such as memory, are no curves. A resumed
    /// trial repeats steps; the values of its last attempt are kept.
    pub(crate) fn of(events: &[Event]) -> Self {
        let mut points = BTreeMap::new();
        let mut clock = TrainingClock::default();
        for event in events {
            clock.advance(event, &points);
            let Some(step) = event.fields.get("step").and_then(serde_json::Value::as_u64) else { continue };
            if event.kind != EventKind::Event {
                continue;
            }
            let (attempt, at_s, train_s) = (event.attempt, event.at_s, clock.seconds(event));
            let point = |value, se, n, unit| Point { value, se, n, unit, attempt, at_s, train_s };
            match event.name.as_str() {
                "scalars" => {
                    for (name, value) in event.fields.keys().filter_map(|name| Some((name, event.number(name)?))) {
                        if !is_run_scalar(name) {
                            points.insert((Split::Train, name.clone(), step), point(value, None, None, None));
                        }
                    }
                }
                "validation" => {
                    let (Some(quantity), Some(value)) = (event.text("quantity"), event.number("value")) else {
                        continue;
                    };
                    let (se, n) = (event.number("se").filter(|se| se.is_finite()), event.number("n"));
                    let unit = event.text("unit").map(str::to_owned);
                    points.insert((Split::Validation, quantity.to_owned(), step), point(value, se, n, unit));
                }
                _ => {}
            }
        }
        Self(points)
    }
}

/// Time in training, over all attempts of a trial.
#[derive(Debug, Default)]
struct TrainingClock {
    attempt: u32,
    /// Start of training in the attempt, in seconds since the attempt's start.
    start: f64,
    /// Seconds of earlier attempts, up to the step from which this one continues.
    before: f64,
}

impl TrainingClock {
    fn advance(&mut self, event: &Event, points: &BTreeMap<(Split, String, u64), Point>) {
        let until = |step: u64| {
            let kept = points.iter().filter(|((.., at), _)| *at <= step).map(|(_, point)| point.train_s);
            kept.fold(0.0, f64::max)
        };
        if event.attempt != self.attempt {
            *self = Self { attempt: event.attempt, start: event.at_s, before: until(u64::MAX) };
        }
        if event.kind == EventKind::Open && event.name == "train" {
            let from = event.fields.get("from_step").and_then(serde_json::Value::as_u64).unwrap_or_default();
            (self.start, self.before) = (event.at_s, until(from));
        }
    }

    fn seconds(&self, event: &Event) -> f64 {
        self.before + (event.at_s - self.start).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(attempt: u32, name: &str, fields: serde_json::Value) -> Event {
        let line = serde_json::json!({
            "v": 1, "unix_ms": 0, "at_s": 0.5, "attempt": attempt, "kind": "event", "level": "INFO",
            "name": name, "fields": fields,
        });
        serde_json::from_value(line).unwrap()
    }

    #[test]
    fn the_last_attempt_is_kept_and_so_is_nan() {
        let events = [
            event(
                1,
                "scalars",
                serde_json::json!({"step": 10, "loss": 5.0, "gradient_norm": 2.0, "images_per_s": 9.0}),
            ),
            event(1, "scalars", serde_json::json!({"step": 20, "loss": 4.0})),
            event(1, "progress", serde_json::json!({"step": 20, "done": 3})),
            event(2, "resumed", serde_json::json!({"step": 10})),
            event(2, "scalars", serde_json::json!({"step": 20, "loss": "NaN", "phase": "warm"})),
            event(2, "validation", serde_json::json!({"step": 20, "quantity": "nll", "value": 3.5, "se": 0.5, "n": 9})),
        ];
        let curve = Curve::of(&events);
        let keys: Vec<_> = curve.0.keys().map(|(split, name, step)| (split.word(), name.as_str(), *step)).collect();
        assert_eq!(keys, [("train", "loss", 10), ("train", "loss", 20), ("validation", "nll", 20)]);
        let last = &curve.0[&(Split::Train, "loss".to_owned(), 20)];
        assert!(last.value.is_nan() && last.attempt == 2);
    }

    #[test]
    fn the_time_of_training_continues_at_the_resumed_step() {
        let line = |attempt: u32, at_s: f64, kind: &str, name: &str, fields: serde_json::Value| -> Event {
            let line = serde_json::json!({
                "v": 1, "unix_ms": 0, "at_s": at_s, "attempt": attempt, "kind": kind, "level": "INFO", "name": name,
                "span": 2, "fields": fields,
            });
            serde_json::from_value(line).unwrap()
        };
        let events = [
            line(1, 3.0, "open", "train", serde_json::json!({"from_step": 0})),
            line(1, 5.0, "event", "scalars", serde_json::json!({"step": 10, "loss": 5.0})),
            line(1, 7.0, "event", "scalars", serde_json::json!({"step": 20, "loss": 4.0})),
            line(2, 0.1, "open", "data", serde_json::json!({})),
            line(2, 4.0, "open", "train", serde_json::json!({"from_step": 10})),
            line(2, 5.5, "event", "scalars", serde_json::json!({"step": 20, "loss": 4.0})),
            line(2, 6.0, "event", "scalars", serde_json::json!({"step": 30, "loss": 3.0})),
        ];
        let times: Vec<f64> = Curve::of(&events).0.values().map(|point| point.train_s).collect();
        assert_eq!(times, [2.0, 3.5, 4.0]);
    }
}
