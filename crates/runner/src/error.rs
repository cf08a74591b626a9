//! Errors that end a run; a failed trial is not one of them.

use std::io;
use std::path::{Path, PathBuf};

use protocol::worded;

/// Error that ends a run. Finished trials stay finished.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A file under `results/` cannot be written or read.
    #[error("{}: {}", path.display(), worded(source))]
    File {
        /// Path of the file.
        path: PathBuf,
        /// Error of the system.
        source: io::Error,
    },
    /// A record under `results/` cannot be read; the message names it.
    #[error("unreadable record: {}", worded(.0))]
    Record(io::Error),
    /// The options have no worker command.
    #[error("no worker command given")]
    NoWorker,
    /// The worker's command cannot be started.
    #[error("cannot start the worker `{command}`: {}", worded(source))]
    Worker {
        /// Program of the command.
        command: String,
        /// Error of the system.
        source: io::Error,
    },
    /// The folder of the grid belongs to another grid file.
    #[error("{} has the results of another grid with this name: {}\nhelp: rename one of the two grids, choose another folder with `--results`, or let this grid take over the folder with `--replace`", folder.display(), file.display())]
    OtherGrid {
        /// Folder of the grid.
        folder: PathBuf,
        /// The other grid file.
        file: PathBuf,
    },
    /// A cluster does not answer, or refuses the work.
    #[error("{0}")]
    Executor(String),
    /// The memory limit cannot be enforced.
    #[error("cannot enforce a memory limit: this system has no /proc/PID/status")]
    Memory,
    /// The disk is full or read-only, which is not a failure of a trial.
    #[error("{}: {why}; all results are kept: free disk space and run again", path.display())]
    Disk {
        /// Folder of the trial.
        path: PathBuf,
        /// Message of the worker or the system.
        why: String,
    },
    /// The handlers of Ctrl-C and SIGTERM cannot be installed.
    #[error("cannot install signal handlers: {}", worded(.0))]
    Signals(io::Error),
}

/// Converts an error of the file system to one that names the path.
pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> RunError {
    let path = path.to_owned();
    // The path is printed once, also if the error names it.
    move |source| match source.to_string().strip_prefix(&format!("{}: ", path.display())) {
        Some(why) => RunError::File { source: io::Error::new(source.kind(), why), path },
        None => RunError::File { path, source },
    }
}
