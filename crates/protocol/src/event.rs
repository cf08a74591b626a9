//! The trace: one JSON object per line, appended while the worker runs. `docs/traces.md` documents every event.

use std::path::Path;
use std::{fs, io};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Version of the format of a line, in the field `v` of every line.
pub const TRACE_SCHEMA: u32 = 1;

/// Learning rate of a step, in the event `scalars`. Further rates of the same step are `learning_rate_2` and so on.
pub const LEARNING_RATE: &str = "learning_rate";
/// Euclidean norm of the gradients of all losses of a step, in the event `scalars`.
pub const GRADIENT_NORM: &str = "gradient_norm";
/// Training images per second since the last event `scalars`.
pub const IMAGES_PER_S: &str = "images_per_s";
/// Resident memory of the worker in MiB, in the event `scalars`.
pub const MEMORY_MIB: &str = "memory_mib";

/// Returns whether a field of the event `scalars` describes the run and is no loss or other figure of the model.
#[must_use]
pub fn is_run_scalar(name: &str) -> bool {
    name == "step" || name.starts_with(LEARNING_RATE) || [GRADIENT_NORM, IMAGES_PER_S, MEMORY_MIB].contains(&name)
}

/// Seconds since 1970 of a time in milliseconds.
#[must_use]
pub fn unix_seconds(unix_ms: u64) -> f64 {
    unix_ms as f64 / 1e3
}

/// Kind of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// Start of a span.
    Open,
    /// End of a span; `seconds` is its duration.
    Close,
    /// A single moment.
    Event,
}

/// One line of `trace.jsonl`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Version of the format: [`TRACE_SCHEMA`].
    pub v: u32,
    /// Time in milliseconds since 1970.
    pub unix_ms: u64,
    /// Seconds since the worker opened the trace, from a monotonic clock.
    pub at_s: f64,
    /// Number of the attempt, counted from 1.
    pub attempt: u32,
    /// Kind of the line.
    pub kind: EventKind,
    /// Level: `ERROR`, `WARN`, `INFO`, `DEBUG` or `TRACE`.
    pub level: String,
    /// Name of the span or event, such as `train` or `validation`.
    pub name: String,
    /// Number of the span in the attempt: its own for `open` and `close`, that of the enclosing span for events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<u64>,
    /// Number of the enclosing span, for `open` and `close`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<u64>,
    /// Duration of the span, for `close`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
    /// Other fields. Numbers that are not finite are the strings `NaN`, `inf` and `-inf`.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub fields: Map<String, Value>,
}

impl Event {
    /// A field as a number, also if it is one of the strings `NaN`, `inf` and `-inf`.
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

/// Reads a trace. An incomplete line after the last event is ignored: the worker or the machine was stopped while
/// writing. An invalid line before it is an error.
///
/// # Errors
/// The file cannot be read, or a line before the last event is invalid.
pub fn read_trace(path: &Path) -> io::Result<Vec<Event>> {
    let bytes = fs::read(path).map_err(|error| crate::atomic::named(path, &error))?;
    parse_trace(&bytes).map_err(|(line, error)| {
        io::Error::new(io::ErrorKind::InvalidData, format!("{}:{line}: {error}", path.display()))
    })
}

fn parse_trace(bytes: &[u8]) -> Result<Vec<Event>, (usize, serde_json::Error)> {
    let mut events = Vec::new();
    let mut bad = None;
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        match serde_json::from_slice(line) {
            Ok(event) => match bad.take() {
                Some(bad) => return Err(bad),
                None => events.push(event),
            },
            // Older versions appended after an incomplete line instead of removing it.
            Err(_) if line.is_empty() || torn(line) => {}
            Err(error) => bad = bad.or(Some((index + 1, error))),
        }
    }
    Ok(events)
}

/// The last event of a trace, and the length of the file up to the end of its line. Bytes after that are an incomplete
/// line.
#[must_use]
pub fn last_event(bytes: &[u8]) -> Option<(Event, usize)> {
    let mut end = bytes.len();
    loop {
        let start = bytes[..end].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        // A line is complete only with its line break; the next attempt appends after it.
        if end < bytes.len()
            && let Ok(event) = serde_json::from_slice(&bytes[start..end])
        {
            return Some((event, end + 1));
        }
        end = start.checked_sub(1)?;
    }
}

/// Returns whether a line is the start of an event without its end.
fn torn(line: &[u8]) -> bool {
    line.starts_with(b"{\"v\":") && serde_json::from_slice::<Value>(line).is_err_and(|error| error.is_eof())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"v":1,"unix_ms":5,"at_s":0.5,"attempt":1,"kind":"event","level":"INFO","name":"scalars","fields":{"loss":"NaN","step":3}}"#;

    #[test]
    fn an_incomplete_line_is_ignored_and_an_invalid_one_is_refused() {
        let torn_last = format!("{LINE}\n{}", &LINE[..40]);
        assert_eq!(parse_trace(torn_last.as_bytes()).unwrap().len(), 1);
        let torn_then_resumed = format!("{LINE}\n{}\n{LINE}\n", &LINE[..40]);
        assert_eq!(parse_trace(torn_then_resumed.as_bytes()).unwrap().len(), 2);
        assert_eq!(parse_trace(format!("nonsense\n{LINE}\n").as_bytes()).unwrap_err().0, 1);
    }

    #[test]
    fn incomplete_lines_are_found() {
        let whole = format!("{LINE}\n");
        for garbage in [&b""[..], b"{\"v\":1,", b"\0\0\n\0", &[0xff, b'\n'], LINE.as_bytes()] {
            let bytes = [whole.as_bytes(), garbage].concat();
            let (event, length) = last_event(&bytes).unwrap();
            assert_eq!((event.attempt, length), (1, whole.len()), "{garbage:?}");
        }
        assert!(last_event(b"").is_none() && last_event(b"nonsense\n").is_none());
        let invalid = [whole.as_bytes(), &[0xff, 0xfe, b'\n', 0x80]].concat();
        assert_eq!(parse_trace(&invalid).unwrap().len(), 1, "not even text");
    }

    #[test]
    fn numbers_without_a_json_form_survive() {
        let event: Event = serde_json::from_str(LINE).unwrap();
        assert!(event.number("loss").unwrap().is_nan());
        assert_eq!(event.number("step"), Some(3.0));
    }
}
