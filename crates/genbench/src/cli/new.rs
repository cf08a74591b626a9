//! A crate of one's own.

use std::path::PathBuf;

use clap::Args;

/// Examples and exit codes of `new`.
pub(super) const NEW: &str = "Example:
  genbench new my_models
  cd my_models
  cargo run --release -- run grid.yaml

The crate's program has every command of genbench. Its README describes how to add a model and how to remove the examples.
CONTRIBUTING.md of genbench describes the traits.";

#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// Name of the crate and of its folder, which must not exist.
    pub(crate) name: String,
    /// Checkout of genbench to depend on [default: the one that this program was built from]
    #[arg(long, value_name = "PATH")]
    pub(crate) genbench: Option<PathBuf>,
}
