//! What can be wrong with data.

use std::path::PathBuf;

use protocol::Problem;

/// A data set that cannot be had as asked for.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// A setting is wrong.
    #[error(transparent)]
    Setting(#[from] Problem),
    /// A file cannot be opened or read.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file does not hold what it should.
    #[error("{}: byte {offset}: {message}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// Where in the (decompressed) file.
        offset: u64,
        /// What is wrong there, and what was expected.
        message: String,
    },
    /// A download did not succeed.
    #[error("{0}")]
    Fetch(String),
}
