//! A verb that cannot do what it was asked for.

use std::fmt;

use protocol::{Problem, exit};

/// What to say on stderr, and the exit code.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) code: u8,
    message: String,
}

impl Failure {
    pub(crate) fn new(code: u8, message: impl fmt::Display) -> Self {
        Self { code, message: message.to_string() }
    }

    /// The command is wrong.
    pub(crate) fn usage(message: impl fmt::Display) -> Self {
        Self::new(exit::USAGE, format!("error: {message}"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message.trim_end())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        // Whoever read our output has seen enough, as in `genbench plan ... | head`.
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Self::new(exit::USAGE, "");
        }
        Self::usage(error)
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        let help = problem.help.map_or_else(String::new, |help| format!("\nhelp: {help}"));
        Self::usage(format!("{}{help}", problem.message))
    }
}
