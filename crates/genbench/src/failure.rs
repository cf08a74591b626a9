//! A command that cannot do what it was asked for: the message, and the exit code of its class.

use std::fmt;
use std::io;

use protocol::{Problem, exit};
use runner::RunError;

/// What to print on stderr, and the exit code.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) code: u8,
    message: String,
}

impl Failure {
    /// A message that is complete as it is.
    pub(crate) fn new(code: u8, message: impl fmt::Display) -> Self {
        Self { code, message: message.to_string() }
    }

    /// The grid or the command is wrong.
    pub(crate) fn usage(message: impl fmt::Display) -> Self {
        Self::new(exit::USAGE, format!("error: {message}"))
    }

    /// The disk, a permission, the network or a device does not allow it.
    pub(crate) fn environment(message: impl fmt::Display) -> Self {
        Self::new(exit::ENVIRONMENT, format!("error: {message}"))
    }

    /// The program is wrong.
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
    /// A file that is not there, or that holds something else, was named wrongly; the rest is the system's doing.
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound
            | io::ErrorKind::InvalidInput
            | io::ErrorKind::InvalidData
            | io::ErrorKind::IsADirectory => Self::usage(error),
            _ => Self::environment(error),
        }
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        match error {
            RunError::NoWorker => Self::internal(error),
            RunError::Memory => Self::usage(error),
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
    fn errors_of_the_system_have_a_code_of_their_own() {
        let code = |kind: ErrorKind| Failure::from(io::Error::from(kind)).code;
        for kind in [
            ErrorKind::StorageFull,
            ErrorKind::QuotaExceeded,
            ErrorKind::ReadOnlyFilesystem,
            ErrorKind::PermissionDenied,
            ErrorKind::NotADirectory,
            ErrorKind::AlreadyExists,
        ] {
            assert_eq!(code(kind), exit::ENVIRONMENT, "{kind:?}");
        }
        for kind in [ErrorKind::NotFound, ErrorKind::InvalidData] {
            assert_eq!(code(kind), exit::USAGE, "{kind:?}");
        }
        assert_eq!(Failure::from(RunError::Memory).code, exit::USAGE);
        let disk = RunError::Disk { path: "results".into(), why: "No space left on device".into() };
        assert_eq!(Failure::from(disk).code, exit::ENVIRONMENT);
    }
}
