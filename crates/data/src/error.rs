//! Errors of data sets.

use std::path::PathBuf;

use protocol::{Problem, worded};

/// A data set cannot be described, loaded or downloaded.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// A setting is wrong.
    #[error(transparent)]
    Setting(#[from] Problem),
    /// A file cannot be opened or read.
    #[error("{}: {}", path.display(), worded(source))]
    Io {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// The content of a file is invalid.
    #[error("{}: byte {offset}: {message}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// Position in the decompressed file, in bytes.
        offset: u64,
        /// The mistake and the expected content.
        message: String,
    },
    /// The files are not those of the plan.
    #[error(
        "the data changed after planning: {}: SHA-256 {planned} when planned, {found} now{}; restore the files, or plan again \
         to train on the new ones",
        files.join(", "),
        why.as_ref().map_or_else(String::new, |why| format!(" ({why})"))
    )]
    Changed {
        /// The files, or the path that contains them.
        files: Vec<String>,
        /// Hash in the plan.
        planned: String,
        /// Hash of the bytes that were read.
        found: String,
        /// Error of reading the new files, if any.
        why: Option<String>,
    },
    /// A file of a set does not fit the others, or cannot be decoded.
    #[error("{}: {message}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The mistake and what to do.
        message: String,
    },
    /// The content of an array is invalid.
    #[error("{}: array `{array}`: {message}", path.display())]
    Array {
        /// The file.
        path: PathBuf,
        /// Name of the array.
        array: String,
        /// The mistake and the expected content.
        message: String,
    },
    /// A download failed, or another process writes into its folder.
    #[error("{0}")]
    Fetch(String),
}
