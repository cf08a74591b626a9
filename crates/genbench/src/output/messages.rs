//! Messages on stderr: text for people, or one JSON object per line with `--message-format json`.

use std::fmt;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use protocol::text::escape::cell;
use protocol::text::{columns, fold};
use protocol::worded;
use serde_json::json;

use super::for_people;
use super::terminal::Stream;

/// `true` if messages are JSON, for the whole process.
static JSON: AtomicBool = AtomicBool::new(false);

/// `true` if notes are not printed, for the whole process.
static QUIET: AtomicBool = AtomicBool::new(false);

/// Prints warnings and errors only, from now on.
pub(crate) fn be_quiet() {
    QUIET.store(true, Ordering::Relaxed);
}

/// Returns whether only warnings and errors are printed.
pub(crate) fn is_quiet() -> bool {
    QUIET.load(Ordering::Relaxed)
}

/// Makes every later message a JSON object on a line of its own.
pub(crate) fn as_json() {
    JSON.store(true, Ordering::Relaxed);
}

/// Returns whether messages are JSON.
pub(crate) fn are_json() -> bool {
    JSON.load(Ordering::Relaxed)
}

/// Prints a message for people: escaped, and broken at the terminal's width.
pub(crate) fn message(text: fmt::Arguments<'_>) {
    let text = worded(text);
    if is_quiet() && is_note(&text) {
        return;
    }
    if are_json() {
        text.lines().filter(|line| !line.is_empty()).for_each(|line| put(&object(line)));
    } else {
        put(&for_people(&text, Stream::Err.width()));
    }
}

/// Prints a message that is escaped and has styles already, or is JSON already.
pub(crate) fn styled_message(text: &str) {
    put(&if are_json() { text.to_owned() } else { fold(text, Stream::Err.width()) });
}

/// Beginnings of messages that are no notes.
const SEVERITIES: [&str; 4] = ["error", "internal error", "warning", "help"];

/// Returns whether a message is neither an error nor a warning, nor advice on one.
fn is_note(text: &str) -> bool {
    !SEVERITIES.iter().any(|word| text.strip_prefix(word).is_some_and(|rest| rest.starts_with(": ")))
}

/// A line of a message as JSON, with the keys of a diagnostic: `severity` and `message`.
fn object(line: &str) -> String {
    let parts = SEVERITIES.iter().find_map(|word| Some((*word, line.strip_prefix(word)?.strip_prefix(": ")?)));
    let (severity, message) = parts.unwrap_or(("note", line));
    json!({"severity": severity.replace(' ', "_"), "message": message}).to_string()
}

/// Writes a line. A closed pipe or a full disk under stderr does not end a run.
fn put(line: &str) {
    let _ = io::stderr().write_all(format!("{line}\n").as_bytes());
}

/// Standard error for messages and progress of the runner. Writing never fails, so that a closed pipe does not end a
/// run.
#[derive(Default)]
pub(crate) struct Stderr {
    line: Vec<u8>,
}

impl Write for Stderr {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend(part);
            if let Some(line) = self.line.strip_suffix(b"\n") {
                message(format_args!("{}", String::from_utf8_lossy(line)));
                self.line.clear();
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let _ = io::stderr().flush();
        Ok(())
    }
}

/// Replaces the current line of a terminal, for a progress that changes in place. A line that is wider than the terminal
/// is cut, because only one line can be replaced.
pub(crate) fn replace_line(text: &str) {
    let width = Stream::Err.width();
    let mut line = String::new();
    for character in cell(text).chars() {
        line.push(character);
        if columns(&line) >= width {
            line.pop();
            break;
        }
    }
    let _ = io::stderr().write_all(format!("\r\x1b[K{line}").as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_notes_are_dropped_if_quiet() {
        assert!(is_note("[1/2 trials] ETA unknown") && is_note("errors: none"));
        assert!(!is_note("warning: 2 builds") && !is_note("internal error: a bug\nhelp: report it"));
    }

    #[test]
    fn a_line_of_a_message_is_an_object() {
        let one = |line: &str| serde_json::from_str::<serde_json::Value>(&object(line)).expect("JSON");
        assert_eq!(one("error: no \"x\""), json!({"severity": "error", "message": "no \"x\""}));
        assert_eq!(one("internal error: a bug")["severity"], "internal_error");
        assert_eq!(one("[1/2 trials] ETA unknown"), json!({"severity": "note", "message": "[1/2 trials] ETA unknown"}));
    }
}
