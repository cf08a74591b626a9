//! The trace: one JSON object a line, appended while the worker runs. `docs/traces.md` documents
//! every event.

use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The version of the trace's line format, in the field `v` of every line.
pub const TRACE_SCHEMA: u32 = 1;

/// What a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// A span begins.
    Open,
    /// A span ends; `seconds` is how long it was open.
    Close,
    /// Something happened.
    Event,
}

/// One line of `trace.jsonl`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// [`TRACE_SCHEMA`].
    pub v: u32,
    /// Milliseconds since 1970.
    pub unix_ms: u64,
    /// Seconds since this worker's trace began, from a monotonic clock.
    pub at_s: f64,
    /// The worker's number for this trial, from 1.
    pub attempt: u32,
    /// What the line says.
    pub kind: EventKind,
    /// `ERROR`, `WARN`, `INFO`, `DEBUG` or `TRACE`.
    pub level: String,
    /// The span's or event's name, such as `train` or `validation`.
    pub name: String,
    /// The span's number within the attempt: its own for `open` and `close`, the enclosing one's
    /// for events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<u64>,
    /// The number of the enclosing span, for `open` and `close`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<u64>,
    /// How long the span was open, for `close`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
    /// The rest. Figures that are not finite are the strings `NaN`, `inf` and `-inf`.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub fields: Map<String, Value>,
}

impl Event {
    /// A field as a number; the strings for what JSON cannot hold are read back.
    #[must_use]
    pub fn number(&self, field: &str) -> Option<f64> {
        match self.fields.get(field)? {
            Value::Number(number) => number.as_f64(),
            Value::String(text) if matches!(text.as_str(), "NaN" | "inf" | "-inf") => text.parse().ok(),
            _ => None,
        }
    }

    /// A field as text.
    #[must_use]
    pub fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field)?.as_str()
    }
}

/// Reads a trace. A torn last line (the worker was killed while writing) is left out; a bad line
/// elsewhere is an error.
///
/// # Errors
/// The file cannot be read, or a line before the last is no event.
pub fn read_trace(path: &Path) -> io::Result<Vec<Event>> {
    let text = fs::read_to_string(path)?;
    parse_trace(&text).map_err(|(line, error)| {
        io::Error::new(io::ErrorKind::InvalidData, format!("{}:{line}: {error}", path.display()))
    })
}

fn parse_trace(text: &str) -> Result<Vec<Event>, (usize, serde_json::Error)> {
    let mut events = Vec::new();
    let mut lines = text.lines().enumerate().peekable();
    while let Some((index, line)) = lines.next() {
        match serde_json::from_str(line) {
            Ok(event) => events.push(event),
            // A new attempt goes on after a torn line: the worker ends it with a line break first.
            Err(_) if line.is_empty() || lines.peek().is_none() || torn(line) => {}
            Err(error) => return Err((index + 1, error)),
        }
    }
    Ok(events)
}

/// A line cut short in the middle: it begins like an event and does not end like one.
fn torn(line: &str) -> bool {
    line.starts_with("{\"v\":") && serde_json::from_str::<Value>(line).is_err_and(|error| error.is_eof())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"v":1,"unix_ms":5,"at_s":0.5,"attempt":1,"kind":"event","level":"INFO","name":"scalars","fields":{"loss":"NaN","step":3}}"#;

    #[test]
    fn a_torn_line_is_left_out_and_a_bad_one_is_not() {
        let torn_last = format!("{LINE}\n{}", &LINE[..40]);
        assert_eq!(parse_trace(&torn_last).unwrap().len(), 1);
        let torn_then_resumed = format!("{LINE}\n{}\n{LINE}\n", &LINE[..40]);
        assert_eq!(parse_trace(&torn_then_resumed).unwrap().len(), 2);
        assert_eq!(parse_trace(&format!("nonsense\n{LINE}\n")).unwrap_err().0, 1);
    }

    #[test]
    fn what_json_cannot_hold_survives() {
        let event: Event = serde_json::from_str(LINE).unwrap();
        assert!(event.number("loss").unwrap().is_nan());
        assert_eq!(event.number("step"), Some(3.0));
    }
}
