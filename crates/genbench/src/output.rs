//! All output: results on stdout, messages and progress on stderr. No other module prints.
//!
//! A closed pipe, as in `genbench plan grid.yaml | head -1`, is no error: the remaining output is dropped, and the
//! exit code does not change.

use std::fmt;
use std::io::{self, ErrorKind, IsTerminal, Write};

/// Standard output. Writing fails if the system refuses it, but not if the reader has closed the pipe.
pub(crate) struct Stdout {
    closed: bool,
}

/// Returns standard output, buffered by line. Wrap it in a `BufWriter` for many lines.
pub(crate) fn stdout() -> Stdout {
    Stdout { closed: false }
}

impl Stdout {
    /// Returns whether to use colours.
    pub(crate) fn colour(&self) -> bool {
        io::stdout().is_terminal() && colour_is_wanted()
    }

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

/// Standard error. Writing never fails, so that a closed pipe does not end a run.
pub(crate) struct Stderr;

impl Write for Stderr {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let _ = io::stderr().write_all(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let _ = io::stderr().flush();
        Ok(())
    }
}

/// Returns whether to use colours on stderr.
pub(crate) fn stderr_colour() -> bool {
    io::stderr().is_terminal() && colour_is_wanted()
}

fn colour_is_wanted() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Prints a line on stdout and flushes it.
pub(crate) fn print(line: fmt::Arguments<'_>) -> io::Result<()> {
    let mut out = stdout();
    writeln!(out, "{line}")?;
    out.flush()
}

/// Prints a line on stderr.
pub(crate) fn message(line: fmt::Arguments<'_>) {
    let _ = writeln!(Stderr, "{line}");
}

/// Prints a line on stdout, formatted as by `println!`; returns the system's error.
macro_rules! say {
    ($($format:tt)*) => { $crate::output::print(format_args!($($format)*)) };
}

/// Prints a line on stderr, formatted as by `eprintln!`.
macro_rules! note {
    ($($format:tt)*) => { $crate::output::message(format_args!($($format)*)) };
}

pub(crate) use {note, say};
