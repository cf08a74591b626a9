//! All output: results on stdout, messages and progress on stderr. No other module prints.
//!
//! A closed pipe, as in `genbench plan grid.yaml | head -1`, is no error: the remaining output is dropped, and the
//! exit code does not change. Text for people is escaped and broken at the width of the terminal.

mod messages;
mod terminal;

use std::fmt;
use std::io::{self, BufWriter, ErrorKind, Write};

use protocol::text::{escape, fold};
use runner::Show;

pub(crate) use messages::{Stderr, are_json, as_json, be_quiet, is_quiet, message, replace_line, styled_message};
pub(crate) use terminal::Stream;

/// Display of progress on stderr: bars if it is a terminal with styles, else lines.
pub(crate) fn progress() -> Show {
    if Stream::Err.styled() && !are_json() { Show::Bars { width: Stream::Err.width() } } else { Show::Lines }
}

/// Standard output. Writing fails if the system refuses it, but not if the reader has closed the pipe.
pub(crate) struct Stdout {
    closed: bool,
}

/// Returns standard output for other programs: bytes are written as they are. Wrap it in a `BufWriter` for many lines.
pub(crate) fn stdout() -> Stdout {
    Stdout { closed: false }
}

impl Stdout {
    /// Replaces the error of a closed pipe by `instead`.
    fn unless_closed<T>(&mut self, result: io::Result<T>, instead: T) -> io::Result<T> {
        match result {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(instead)
            }
            other => other,
        }
    }
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.closed {
            return Ok(bytes.len());
        }
        let written = io::stdout().write(bytes);
        self.unless_closed(written, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.closed {
            return Ok(());
        }
        let flushed = io::stdout().flush();
        self.unless_closed(flushed, ())
    }
}

/// Text for people on stdout, line by line.
pub(crate) struct People {
    out: BufWriter<Stdout>,
    width: usize,
    line: Vec<u8>,
}

/// Returns standard output for people: hidden characters are shown, and lines are broken at the terminal's width.
pub(crate) fn people() -> People {
    People { out: BufWriter::new(stdout()), width: Stream::Out.width(), line: Vec::new() }
}

impl People {
    /// Writes text that is escaped and has styles already.
    pub(crate) fn styled(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(fold(text, self.width).as_bytes())
    }

    fn finish_line(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        self.out.write_all(for_people(&String::from_utf8_lossy(&line), self.width).as_bytes())
    }
}

impl Write for People {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend(part);
            if part.ends_with(b"\n") {
                self.finish_line()?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.finish_line()?;
        self.out.flush()
    }
}

/// Escapes a text and breaks its lines.
fn for_people(text: &str, width: usize) -> String {
    fold(&escape::terminal(&text.replace("\r\n", "\n")), width)
}

/// Prints a line for people on stdout.
pub(crate) fn print(line: fmt::Arguments<'_>) -> io::Result<()> {
    let mut out = people();
    writeln!(out, "{line}")?;
    out.flush()
}

/// Prints a line on stdout, formatted as by `println!`; returns the system's error.
macro_rules! say {
    ($($format:tt)*) => { $crate::output::print(format_args!($($format)*)) };
}

/// Prints a message on stderr, formatted as by `eprintln!`.
macro_rules! note {
    ($($format:tt)*) => { $crate::output::message(format_args!($($format)*)) };
}

pub(crate) use {note, say};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_for_people_has_no_control_characters_and_keeps_to_the_width() {
        assert_eq!(for_people("a label \u{1b}[2Jof \u{202e}nade\n", 12), "a label\n  \\u{1b}[2Jof\n  \\u{202e}nade\n");
        assert_eq!(for_people("short\r\n", usize::MAX), "short\n");
    }
}
