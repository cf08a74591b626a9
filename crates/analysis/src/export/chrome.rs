//! Traces in Chrome's trace event format, which Perfetto and `chrome://tracing` open.
//!
//! A trial is a process and each of its attempts a thread. Spans are slices, figures are counters, and events that end a
//! trial early are instants. The format: <https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU>.

use std::collections::BTreeMap;
use std::io;

use protocol::event::{is_run_scalar, read_trace};
use protocol::text::portable;
use protocol::{Event, EventKind};
use serde_json::{Map, Value, json};

use crate::store::Record;

/// Events that are drawn as instants.
const MARKS: [&str; 6] = ["resumed", "stopped", "stopped_early", "failed", "panic", "log"];

/// Converts the traces of trials to one JSON document; trials without a trace are omitted.
///
/// # Errors
/// A trace that cannot be read; the error names file and line.
pub fn chrome(records: &[Record]) -> io::Result<String> {
    let mut events = Vec::new();
    let mut traces = Vec::new();
    for (number, record) in records.iter().enumerate() {
        match read_trace(&record.dir.trace()) {
            Ok(trace) => traces.push((number + 1, record, trace)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    // A worker's clock is monotonic from the start of its attempt; the wall clock dates that start.
    let starts = |trace: &[Event]| -> BTreeMap<u32, f64> {
        let mut starts = BTreeMap::new();
        for event in trace {
            starts.entry(event.attempt).or_insert(event.unix_ms as f64 * 1e3 - event.at_s * 1e6);
        }
        starts
    };
    let first = traces.iter().flat_map(|(_, _, trace)| starts(trace).into_values()).fold(f64::INFINITY, f64::min);
    for (pid, record, trace) in &traces {
        let named = |name: &str, value: Value| json!({"ph": "M", "name": name, "pid": pid, "tid": 0, "args": value});
        let label = format!("{} seed {}", record.trial.variant, record.trial.seed);
        events.push(named("process_name", json!({ "name": label })));
        events.push(named("process_sort_index", json!({ "sort_index": pid })));
        let starts = starts(trace);
        for attempt in starts.keys() {
            let mut thread = named("thread_name", json!({"name": format!("attempt {attempt}")}));
            thread["tid"] = json!(attempt);
            events.push(thread);
        }
        let at = |event: &Event| (starts[&event.attempt] - first + event.at_s * 1e6).round();
        events.extend(trace.iter().filter_map(|event| drawn(event, at(event), *pid)));
        events.extend(trace.iter().flat_map(|event| run_counters(event, at(event), *pid)));
        events.extend(unclosed(trace).map(|event| slice(event, at(event), None, *pid)));
    }
    Ok(json!({"displayTimeUnit": "ms", "traceEvents": events}).to_string())
}

fn drawn(event: &Event, at_us: f64, pid: usize) -> Option<Value> {
    match event.kind {
        EventKind::Close => {
            let took = event.seconds.unwrap_or_default() * 1e6;
            Some(slice(event, (at_us - took).max(0.0).round(), Some(took.round()), pid))
        }
        EventKind::Open => None,
        EventKind::Event if event.name == "validation" => {
            let (quantity, value) = (event.text("quantity")?, event.number("value").filter(|value| value.is_finite())?);
            Some(counter(event, at_us, pid, &format!("validation {quantity}"), json!({"value": value})))
        }
        EventKind::Event if event.name == "scalars" => {
            let values = finite(event, |name| !is_run_scalar(name));
            Some(counter(event, at_us, pid, "training", Value::Object(values)))
        }
        EventKind::Event => MARKS.contains(&event.name.as_str()).then(|| {
            json!({"ph": "i", "s": "t", "name": event.name, "ts": at_us, "pid": pid, "tid": event.attempt, "args": fields(event)})
        }),
    }
}

/// Finite numbers among the fields of an event.
fn finite(event: &Event, wanted: impl Fn(&str) -> bool) -> Map<String, Value> {
    let fields = event.fields.iter().filter(|(name, value)| wanted(name) && value.is_number());
    fields.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// A counter for each scalar of the run, because their scales differ.
fn run_counters(event: &Event, at_us: f64, pid: usize) -> Vec<Value> {
    let is_scalars = event.kind == EventKind::Event && event.name == "scalars";
    let scalars = finite(event, |name| is_scalars && is_run_scalar(name) && name != "step");
    let counter = |(name, value): (String, Value)| counter(event, at_us, pid, &name, json!({"value": value}));
    scalars.into_iter().map(counter).collect()
}

fn counter(event: &Event, at_us: f64, pid: usize, name: &str, values: Value) -> Value {
    json!({"ph": "C", "name": name, "ts": at_us, "pid": pid, "tid": event.attempt, "args": values})
}

/// Fields of an event without absolute paths, such as those in the message of a panic.
fn fields(event: &Event) -> Map<String, Value> {
    let shown = |value: &Value| value.as_str().map_or_else(|| value.clone(), |text| portable(text).into());
    event.fields.iter().map(|(name, value)| (name.clone(), shown(value))).collect()
}

/// A complete span, or only its begin if the worker was killed in it.
fn slice(event: &Event, at_us: f64, took_us: Option<f64>, pid: usize) -> Value {
    let what = ["measure", "data", "model", "step"].iter().find_map(|field| event.fields.get(*field));
    let name = match (event.name.as_str(), what) {
        ("measure", Some(Value::String(measure))) => format!("measure {measure}"),
        (name, _) => name.to_owned(),
    };
    let mut slice =
        json!({"ph": "B", "name": name, "ts": at_us, "pid": pid, "tid": event.attempt, "args": fields(event)});
    if let Some(took) = took_us {
        slice["ph"] = json!("X");
        slice["dur"] = json!(took);
    }
    slice
}

/// Spans that were opened and never closed.
fn unclosed(trace: &[Event]) -> impl Iterator<Item = &Event> {
    let closed = |open: &Event| {
        let of =
            |event: &&Event| event.kind == EventKind::Close && (event.attempt, event.span) == (open.attempt, open.span);
        trace.iter().any(|event| of(&event))
    };
    trace.iter().filter(move |event| event.kind == EventKind::Open && !closed(event))
}
