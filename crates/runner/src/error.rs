//! What ends a run of a grid, as opposed to a trial.

use std::io;
use std::path::{Path, PathBuf};

/// Why a grid could not be run to its end. What was finished stays finished.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A file under `results/` cannot be written or read.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A record under `results/` cannot be read; the message names it.
    #[error("unreadable record: {0}")]
    Record(io::Error),
    /// No command was given.
    #[error("no worker command given")]
    NoWorker,
    /// The worker's command cannot be started.
    #[error("cannot start the worker `{command}`: {source}")]
    Worker {
        /// Its first word.
        command: String,
        /// Why.
        source: io::Error,
    },
    /// A cluster cannot be asked, or does not take the work.
    #[error("{0}")]
    Executor(String),
    /// A limit on memory cannot be kept.
    #[error("memory cannot be watched on this system: it has no /proc/PID/status")]
    Memory,
    /// The disk is full, or cannot be written for another reason that is not a trial's.
    #[error("{}: {why}; nothing is lost: make room and run again", path.display())]
    Disk {
        /// Where.
        path: PathBuf,
        /// What the worker or the system said.
        why: String,
    },
    /// The handlers of Ctrl-C and SIGTERM cannot be installed.
    #[error("cannot listen to signals: {0}")]
    Signals(io::Error),
}

/// The error of a file, named.
pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> RunError {
    let path = path.to_owned();
    move |source| RunError::File { path, source }
}
