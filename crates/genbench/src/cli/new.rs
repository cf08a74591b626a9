//! A crate of one's own.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// Name of the crate and of its folder, which must not exist.
    pub(crate) name: String,
    /// Checkout of genbench to depend on [default: the one that this program was built from]
    #[arg(long, value_name = "PATH")]
    pub(crate) genbench: Option<PathBuf>,
}
