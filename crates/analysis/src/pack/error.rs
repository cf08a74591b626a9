//! Errors of packing and unpacking, with advice.

use std::io;
use std::path::{Path, PathBuf};

use protocol::worded;

use super::part::Part;

/// Error of packing or unpacking. Messages end with advice after `help: `.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// No trial has an outcome.
    #[error("no trial of {grid} has finished\nhelp: a pack holds results; run the grid first")]
    NothingFinished {
        /// Name of the grid.
        grid: String,
    },
    /// The results or the pack break a rule; the message states which.
    #[error("{0}")]
    Refused(String),
    /// A file cannot be read or written.
    #[error("{}: {}", path.display(), worded(error))]
    File {
        /// The file.
        path: PathBuf,
        /// The cause.
        error: io::Error,
    },
    /// A record cannot be read; the message names it.
    #[error("{}", worded(.0))]
    Record(#[from] io::Error),
}

impl PackError {
    /// An error about a file.
    pub(super) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::File { path, error }
    }

    /// A pack above its limit. `sizes` are the compressed sizes of its parts, each by itself, the largest first; leaving out
    /// `smaller` is enough.
    pub(super) fn too_large(bytes: usize, limit: u64, sizes: &[(Part, usize)], smaller: Option<&[Part]>) -> Self {
        let sizes = sizes.iter().filter(|(_, size)| *size > 0);
        let list: Vec<_> = sizes.map(|(part, size)| format!("{part} {}", human(*size as u64))).collect();
        let help = smaller.map_or_else(
            || "the records alone exceed the limit".to_owned(),
            |parts| {
                format!("--without {} is enough", parts.iter().map(|part| part.word()).collect::<Vec<_>>().join(","))
            },
        );
        Self::Refused(format!(
            "the pack has {}, above the limit of {}: {}\nhelp: {help}; --points shortens the curves, --max-size raises the limit",
            human(bytes as u64),
            human(limit),
            list.join(", ")
        ))
    }
}

/// A size with its unit.
pub(super) fn human(bytes: u64) -> String {
    const KIB: f64 = 1024.0;
    let size = bytes as f64;
    match size {
        _ if size < KIB => format!("{bytes} bytes"),
        _ if size < KIB * KIB => format!("{:.1} KiB", size / KIB),
        _ if size < KIB * KIB * KIB => format!("{:.1} MiB", size / KIB / KIB),
        _ => format!("{:.1} GiB", size / KIB / KIB / KIB),
    }
}

/// An error about the content of a record.
pub(super) fn invalid(path: &Path, error: serde_json::Error) -> PackError {
    PackError::File { path: path.to_owned(), error: io::Error::new(io::ErrorKind::InvalidData, error.to_string()) }
}
