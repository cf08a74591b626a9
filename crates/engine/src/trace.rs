//! Trace of a trial: `tracing` spans and events as JSON lines in the format of [`protocol::Event`].

mod filter;

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use protocol::atomic::named;
use protocol::event::{TRACE_SCHEMA, last_event};
use protocol::{Event, EventKind};
use serde_json::{Map, Number, Value};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::{LookupSpan, SpanRef};

pub use filter::trace_filter;

/// `tracing` layer that writes every span and event to a file, one line each, without buffering.
pub struct TraceLayer {
    out: Mutex<Out>,
    began: Instant,
    attempt: u32,
    /// Number of spans opened so far; spans are numbered from 1 within an attempt.
    spans: AtomicU64,
}

/// File of the trace, and bytes that a full disk refused, for a later attempt.
struct Out {
    file: File,
    pending: Vec<u8>,
}

/// Number, start and fields of an open span.
struct Opened {
    number: u64,
    at: Instant,
    fields: Map<String, Value>,
}

impl TraceLayer {
    /// Layer that appends to the trace at `path`.
    ///
    /// The number of the attempt is one more than the last one in the file. An incomplete last line is removed first.
    ///
    /// # Errors
    /// The file cannot be read or opened.
    pub fn append(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(path).map_err(|error| named(path, &error))?;
        let (last, length) = last_event(&std::fs::read(path)?).map_or((0, 0), |(event, end)| (event.attempt, end));
        file.set_len(length as u64)?;
        let out = Mutex::new(Out { file, pending: Vec::new() });
        Ok(Self { out, began: Instant::now(), attempt: last + 1, spans: AtomicU64::new(0) })
    }

    /// Number of the attempt, from 1.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    fn line(&self, kind: EventKind, metadata: &Metadata<'_>, fields: Map<String, Value>) -> Event {
        Event {
            v: TRACE_SCHEMA,
            unix_ms: unix_ms(),
            at_s: self.began.elapsed().as_secs_f64(),
            attempt: self.attempt,
            kind,
            level: metadata.level().to_string(),
            name: metadata.name().to_owned(),
            span: None,
            parent: None,
            seconds: None,
            fields,
        }
    }

    /// Writes an event. A failure does not end training: unwritten bytes precede the next line.
    fn write(&self, event: &Event) {
        if let (Ok(mut bytes), Ok(mut out)) = (serde_json::to_vec(event), self.out.lock()) {
            bytes.push(b'\n');
            out.write(&bytes);
        }
    }
}

impl Out {
    fn write(&mut self, bytes: &[u8]) {
        self.pending.extend_from_slice(bytes);
        while !self.pending.is_empty() {
            match self.file.write(&self.pending) {
                Ok(written) if written > 0 => drop(self.pending.drain(..written)),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(_) | Err(_) => break,
            }
        }
    }
}

/// Number of an open span in the trace.
fn number_of<'a, S: LookupSpan<'a>>(span: &SpanRef<'a, S>) -> Option<u64> {
    span.extensions().get::<Opened>().map(|opened| opened.number)
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for TraceLayer {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let mut line = self.line(EventKind::Open, attributes.metadata(), fields.0.clone());
        let number = self.spans.fetch_add(1, Ordering::Relaxed) + 1;
        line.span = Some(number);
        line.parent = span.parent().and_then(|parent| number_of(&parent));
        self.write(&line);
        span.extensions_mut().insert(Opened { number, at: Instant::now(), fields: fields.0 });
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(opened) = span.extensions_mut().get_mut::<Opened>() {
            let mut fields = Fields::default();
            values.record(&mut fields);
            opened.fields.append(&mut fields.0);
        }
    }

    fn on_event(&self, event: &tracing::Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let mut line = self.line(EventKind::Event, event.metadata(), fields.0);
        line.span = context.event_span(event).and_then(|span| number_of(&span));
        // Records of the `log` crate have a source location instead of a name.
        if line.name.starts_with("event ") || line.name.starts_with("log ") {
            line.name = "log".to_owned();
            line.fields.entry("target").or_insert_with(|| event.metadata().target().into());
        }
        self.write(&line);
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else { return };
        let Some(opened) = span.extensions_mut().remove::<Opened>() else { return };
        let mut line = self.line(EventKind::Close, span.metadata(), opened.fields);
        line.span = Some(opened.number);
        line.parent = span.parent().and_then(|parent| number_of(&parent));
        line.seconds = Some(opened.at.elapsed().as_secs_f64());
        self.write(&line);
    }
}

/// Milliseconds since 1970.
#[must_use]
pub fn unix_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}

/// Collector of fields.
///
/// `tracing` fixes the names of fields at compile time. A field `values` with a JSON object is therefore replaced by
/// the members of the object.
#[derive(Default)]
struct Fields(Map<String, Value>);

impl Visit for Fields {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.0.insert(field.name().into(), number(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.insert(field.name().into(), value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.insert(field.name().into(), value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0.insert(field.name().into(), value.into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match (field.name(), serde_json::from_str(value)) {
            ("values", Ok(Value::Object(mut members))) => self.0.append(&mut members),
            (name, _) => {
                self.0.insert(name.into(), value.into());
            }
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name().into(), format!("{value:?}").into());
    }
}

/// Converts a number to JSON; numbers outside of JSON become the strings `NaN`, `inf` and `-inf`.
#[must_use]
pub fn number(value: f64) -> Value {
    Number::from_f64(value).map_or_else(|| Value::String(value.to_string()), Value::Number)
}

/// Emits the event `scalars` after `step` steps: training scalars of the model, and scalars of the run.
pub fn scalars(step: u64, values: &[(&'static str, f64)], of_the_run: &[(String, f64)]) {
    let values = values.iter().map(|(name, value)| ((*name).to_owned(), *value)).chain(of_the_run.iter().cloned());
    let values: Map<String, Value> = values.map(|(name, value)| (name, number(value))).collect();
    let values = Value::Object(values).to_string();
    tracing::info!(name: "scalars", step, values = values.as_str());
}

/// Emits the event `progress`: `done` of `total` units of `phase`.
pub fn progress(phase: &str, done: u64, total: u64) {
    tracing::info!(name: "progress", phase, done, total);
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::event::read_trace;
    use tracing_subscriber::layer::SubscriberExt;

    #[cfg(target_os = "linux")]
    #[test]
    fn bytes_that_a_full_disk_refused_precede_the_next_line() {
        let folder = tempfile::tempdir().unwrap();
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut out = Out { file: full, pending: Vec::new() };
        out.write(b"one\n");
        assert_eq!(out.pending, b"one\n");
        let path = folder.path().join("trace.jsonl");
        out.file = File::create(&path).unwrap();
        out.write(b"two\n");
        assert!(out.pending.is_empty());
        assert_eq!(std::fs::read(&path).unwrap(), b"one\ntwo\n");
    }

    #[test]
    fn spans_and_events_are_written_as_lines_and_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trace.jsonl");
        std::fs::write(&path, "{\"v\":1,\"unix_ms\":1,\"at_s\"").unwrap();
        let layer = TraceLayer::append(&path).unwrap();
        assert_eq!(layer.attempt(), 1, "an incomplete line is not an attempt");
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            let outer = tracing::info_span!("train", batch_size = 4u64);
            let _in = outer.enter();
            scalars(7, &[("loss", f64::NAN), ("kl", 0.5)], &[("memory_mib".to_owned(), 64.0)]);
            tracing::info_span!("evaluate").in_scope(|| {});
        });
        let events = read_trace(&path).unwrap();
        let lines: Vec<_> = events.iter().map(|event| (event.kind, event.name.as_str())).collect();
        use EventKind::{Close, Event as Happened, Open};
        assert_eq!(
            lines,
            [(Open, "train"), (Happened, "scalars"), (Open, "evaluate"), (Close, "evaluate"), (Close, "train"),]
        );
        assert!(events[1].number("loss").unwrap().is_nan());
        assert_eq!(events[1].number("kl"), Some(0.5));
        assert_eq!(events[1].number("memory_mib"), Some(64.0));
        assert_eq!(events[1].span, events[0].span);
        assert_eq!(events[2].parent, events[0].span);
        assert!(events[4].seconds.unwrap() >= events[3].seconds.unwrap());
        let numbers: Vec<_> = events.iter().map(|event| (event.span, event.parent)).collect();
        let (train, evaluate) = ((Some(1), None), (Some(2), Some(1)));
        assert_eq!(numbers, [train, (Some(1), None), evaluate, evaluate, train], "counted from 1");

        let second = TraceLayer::append(&path).unwrap();
        assert_eq!(second.attempt(), 2);
        tracing::subscriber::with_default(tracing_subscriber::registry().with(second), || {
            tracing::info_span!("train").in_scope(|| {});
        });
        let events = read_trace(&path).unwrap();
        let last = events.last().unwrap();
        assert_eq!((last.attempt, last.span), (2, Some(1)), "each attempt counts from 1");
    }
}
