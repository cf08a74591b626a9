//! Progress snapshot of a running trial, read from its trace: phase, rate and latest figure.

use protocol::event::is_run_scalar;
use protocol::{Event, EventKind};
use serde_json::Value;

/// State of a running trial at the last reading of its trace.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Snapshot {
    /// Phase, such as `train` or `measure`; empty before the first event of a phase.
    pub(crate) phase: String,
    /// Finished units of the phase.
    pub(crate) done: u64,
    /// All units of the phase.
    pub(crate) total: u64,
    /// Name and value of the latest loss or validation.
    pub(crate) figure: Option<(String, f64)>,
    /// Last step of training.
    pub(crate) step: u64,
    /// Process number of the worker that started last, on its machine.
    pub(crate) pid: Option<u32>,
    /// Units and time (seconds of the worker's clock) at the first event of the phase.
    first: (u64, f64),
    /// Time of the last event.
    last_s: f64,
}

impl Snapshot {
    /// Updates the snapshot with one event.
    pub(crate) fn absorb(&mut self, event: &Event) {
        if let Some(step) = event.number("step") {
            self.step = step as u64;
        }
        match (event.kind, event.name.as_str()) {
            (EventKind::Event, "trace_started") => self.pid = event.number("pid").map(|pid| pid as u32),
            (EventKind::Open, "train") => {
                let from = event.number("from_step").unwrap_or(0.0);
                self.at("train", from, event.number("steps").unwrap_or(0.0), event.at_s);
            }
            (EventKind::Event, "progress") => {
                if let (Some(phase), Some(done), Some(total)) =
                    (event.text("phase"), event.number("done"), event.number("total"))
                {
                    self.at(phase, done, total, event.at_s);
                }
            }
            (EventKind::Event, "validation") => {
                let name = format!("validation {}", event.text("quantity").unwrap_or("value"));
                self.figure = event.number("value").map(|value| (name, value)).or(self.figure.take());
            }
            (EventKind::Event, "scalars") => self.figure = scalar(event).or(self.figure.take()),
            _ => {}
        }
    }

    fn at(&mut self, phase: &str, done: f64, total: f64, at_s: f64) {
        (self.done, self.total, self.last_s) = (done as u64, total as u64, at_s);
        if self.phase != phase {
            phase.clone_into(&mut self.phase);
            self.first = (self.done, at_s);
        }
    }

    /// Seconds per unit in this phase; `None` before its second event.
    fn pace_s(&self) -> Option<f64> {
        let (units, seconds) = (self.done.checked_sub(self.first.0)?, self.last_s - self.first.1);
        (units > 0 && seconds > 0.0).then(|| seconds / units as f64)
    }

    /// Time of the last event, in seconds since the start of the worker.
    pub(crate) fn last_s(&self) -> f64 {
        self.last_s
    }

    /// Estimate of the seconds left in this phase; `None` before its second event.
    pub(crate) fn left_s(&self) -> Option<f64> {
        Some(self.pace_s()? * self.total.saturating_sub(self.done) as f64)
    }

    /// Seconds per step of training; `None` outside training.
    pub(crate) fn step_s(&self) -> Option<f64> {
        self.pace_s().filter(|_| self.phase == "train")
    }
}

/// The figure `loss` if the event has it, else the first figure by name.
fn scalar(event: &Event) -> Option<(String, f64)> {
    let named = |name: &str| Some((name.to_owned(), event.number(name)?));
    named("loss").or_else(|| {
        let figures =
            event.fields.iter().filter(|(name, value)| !is_run_scalar(name) && !matches!(value, Value::Bool(_)));
        figures.filter_map(|(name, _)| named(name)).next()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn event(kind: &str, name: &str, at_s: f64, fields: Value) -> Event {
        serde_json::from_value(json!({
            "v": 1, "unix_ms": 0, "at_s": at_s, "attempt": 1, "kind": kind, "level": "INFO", "name": name,
            "fields": fields,
        }))
        .unwrap()
    }

    #[test]
    fn the_rate_of_a_resumed_trial_uses_the_steps_of_this_attempt() {
        let mut snapshot = Snapshot::default();
        snapshot.absorb(&event("open", "train", 1.0, json!({"from_step": 500, "steps": 1000})));
        assert_eq!(snapshot.left_s(), None);
        snapshot.absorb(&event("event", "progress", 3.0, json!({"phase": "train", "done": 600, "total": 1000})));
        assert_eq!(snapshot.step_s(), Some(0.02));
        assert_eq!(snapshot.left_s(), Some(8.0));
        snapshot.absorb(&event("event", "progress", 9.0, json!({"phase": "measure", "done": 0, "total": 3})));
        assert_eq!((snapshot.left_s(), snapshot.step_s()), (None, None));
    }

    #[test]
    fn the_latest_figure_is_the_loss_or_the_validation_value() {
        let mut snapshot = Snapshot::default();
        snapshot.absorb(&event("event", "scalars", 1.0, json!({"step": 4, "a": 1.0, "loss": 2.0})));
        assert_eq!(snapshot.figure, Some(("loss".into(), 2.0)));
        snapshot.absorb(&event(
            "event",
            "scalars",
            1.0,
            json!({"step": 5, "critic": 1.5, "a": true, "gradient_norm": 9.0}),
        ));
        assert_eq!(snapshot.figure, Some(("critic".into(), 1.5)));
        snapshot.absorb(&event("event", "validation", 1.0, json!({"step": 5, "quantity": "nll", "value": 20.5})));
        assert_eq!(snapshot.figure, Some(("validation nll".into(), 20.5)));
        snapshot.absorb(&event("event", "validation", 1.0, json!({"step": 6})));
        assert_eq!((snapshot.figure, snapshot.step), (Some(("validation nll".into(), 20.5)), 6));
    }
}
