//! The error of a record that cannot be written or read back.

use std::path::{Path, PathBuf};

/// Error of a record that cannot be saved or read back.
#[derive(Debug, thiserror::Error)]
#[error("{}: {message}", path.display())]
pub struct RecordError {
    /// The file.
    pub path: PathBuf,
    /// The cause.
    pub message: String,
}

impl RecordError {
    /// An error about `path`, in words.
    pub fn new(path: &Path, message: impl std::fmt::Display) -> Self {
        let message = crate::worded(message);
        // The path is printed once, also if the message names it.
        let message = message.strip_prefix(&format!("{}: ", path.display())).map_or(message.clone(), str::to_owned);
        Self { path: path.to_owned(), message }
    }
}
