//! Failure of a command: its message, and the exit code of its error class.

use std::{fmt, io};

use protocol::text::escape;
use protocol::{Problem, exit, worded};
use runner::RunError;

use crate::output::{self, Stream, note};

/// Message for stderr, with the exit code.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) code: u8,
    message: String,
    /// `true` if the message is escaped and has styles already, or is JSON.
    styled: bool,
}

impl Failure {
    /// A failure whose message is printed without a prefix.
    pub(crate) fn new(code: u8, message: impl fmt::Display) -> Self {
        Self { code, message: message.to_string(), styled: false }
    }

    /// A mistake in the grid: diagnostics that are rendered already.
    pub(crate) fn diagnostics(text: String) -> Self {
        Self { code: exit::USAGE, message: text, styled: true }
    }

    /// A mistake in the command line, as clap renders it: plain, and with styles. It repeats arguments, which may have
    /// hidden characters; then it is printed without styles, so that they are shown.
    pub(crate) fn command_line(plain: &str, styled: &str) -> Self {
        let hidden = plain.contains(|character: char| character != '\n' && escape::hidden(character));
        match Stream::Err.styled() && !hidden && !output::are_json() {
            true => Self::diagnostics(styled.to_owned()),
            false => Self::new(exit::USAGE, plain),
        }
    }

    /// Prints the message on stderr, if there is one.
    pub(crate) fn print(&self) {
        match self.message.trim_end() {
            "" => {}
            text if self.styled => output::styled_message(text),
            text => note!("{text}"),
        }
    }

    /// A mistake in the grid or the command.
    pub(crate) fn usage(message: impl fmt::Display) -> Self {
        Self::new(exit::USAGE, format!("error: {message}"))
    }

    /// An error of the environment: disk, permission, network or device.
    pub(crate) fn environment(message: impl fmt::Display) -> Self {
        Self::new(exit::ENVIRONMENT, format!("error: {message}"))
    }

    /// A bug in the program.
    pub(crate) fn internal(message: impl fmt::Display) -> Self {
        Self::new(exit::INTERNAL, format!("internal error: {message}"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message.trim_end())
    }
}

impl From<io::Error> for Failure {
    /// A missing file, a file with other content and one of a newer genbench are usage errors, because the path is wrong.
    /// All other errors belong to the environment.
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound
            | io::ErrorKind::InvalidInput
            | io::ErrorKind::InvalidData
            | io::ErrorKind::Unsupported => Self::usage(worded(&error)),
            _ => Self::environment(worded(&error)),
        }
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        match error {
            RunError::NoWorker => Self::internal(error),
            RunError::Memory | RunError::OtherGrid { .. } => Self::usage(error),
            _ => Self::environment(error),
        }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        let help = problem.help.map_or_else(String::new, |help| format!("\nhelp: {help}"));
        Self::usage(format!("{}{help}", problem.message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::ErrorKind;

    #[test]
    fn system_errors_are_environment_errors_unless_the_path_is_wrong() {
        let code = |kind: ErrorKind| Failure::from(io::Error::from(kind)).code;
        for kind in [
            ErrorKind::StorageFull,
            ErrorKind::QuotaExceeded,
            ErrorKind::ReadOnlyFilesystem,
            ErrorKind::PermissionDenied,
            ErrorKind::NotADirectory,
            ErrorKind::IsADirectory,
            ErrorKind::AlreadyExists,
        ] {
            assert_eq!(code(kind), exit::ENVIRONMENT, "{kind:?}");
        }
        for kind in [ErrorKind::NotFound, ErrorKind::InvalidData, ErrorKind::Unsupported] {
            assert_eq!(code(kind), exit::USAGE, "{kind:?}");
        }
        assert_eq!(Failure::from(RunError::Memory).code, exit::USAGE);
        let disk = RunError::Disk { path: "results".into(), why: "no space left on the disk".into() };
        assert_eq!(Failure::from(disk).code, exit::ENVIRONMENT);
    }
}
