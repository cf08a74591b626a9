//! Figures of a trial by step, for programs that track experiments.

use std::collections::BTreeMap;

use protocol::event::is_run_scalar;
use protocol::{Event, EventKind};

use crate::store::Record;

/// Value of a tag at a step, with its time in milliseconds since 1970.
pub(super) type Points = BTreeMap<(u64, String), (f64, u64)>;

/// Points of a trial, in the order of their steps. A step that a killed attempt has repeated has its last value. `end_ms`
/// is the time of the measured figures.
pub(super) fn points(record: &Record, trace: &[Event], end_ms: u64) -> Points {
    let mut points = Points::new();
    for event in trace.iter().filter(|event| event.kind == EventKind::Event) {
        let Some(step) = event.number("step").filter(|step| *step >= 0.0) else { continue };
        for (tag, value) in values(event) {
            points.insert((step as u64, tag), (value, event.unix_ms));
        }
    }
    // The measured figures, so that tables of runs have something to compare.
    if let Some(kept) = record.outcome.as_ref().and_then(|outcome| outcome.kept_step) {
        for figure in &record.measurements {
            if let Some(value) = figure.value {
                points.entry((kept, format!("measured/{}", figure.name))).or_insert((value, end_ms));
            }
        }
    }
    points
}

/// Named values of an event: figures of a training step, scalars of the run, or a validation value.
fn values(event: &Event) -> Vec<(String, f64)> {
    match event.name.as_str() {
        "scalars" => {
            let tag = |name: &str| format!("{}/{name}", if is_run_scalar(name) { "run" } else { "train" });
            let figures = event.fields.keys().filter(|name| *name != "step");
            figures.filter_map(|name| Some((tag(name), event.number(name)?))).collect()
        }
        "validation" => {
            let named = event.text("quantity").zip(event.number("value"));
            named.map(|(quantity, value)| (format!("validation/{quantity}"), value)).into_iter().collect()
        }
        _ => Vec::new(),
    }
}
