//! Arguments of `init`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Example of `init`.
pub(super) const INIT: &str = "Example:
  genbench init ci --github experiments/quickstart.yaml";

#[derive(Debug, Subcommand)]
pub(crate) enum InitVerb {
    /// Write the workflow of a CI system that judges each pull request.
    #[command(after_help = "Examples:
  genbench init ci --github experiments/quickstart.yaml
  genbench init ci --gitlab experiments/quickstart.yaml --command 'cargo run --release --'
  genbench init ci --github experiments/quickstart.yaml --out - > genbench.yml")]
    Ci(CiArgs),
}

#[derive(Debug, Args)]
pub(crate) struct CiArgs {
    /// File of the grid that the workflow runs.
    pub(crate) grid: PathBuf,
    /// Write a workflow of GitHub Actions.
    #[arg(long, conflicts_with = "gitlab", required_unless_present = "gitlab")]
    pub(crate) github: bool,
    /// Write a pipeline of GitLab.
    #[arg(long)]
    pub(crate) gitlab: bool,
    /// Command that starts genbench in the workflow.
    #[arg(long, default_value = "genbench")]
    pub(crate) command: String,
    /// File to write, or `-` for stdout; by default the place where the CI system looks.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Replace an existing file.
    #[arg(long)]
    pub(crate) force: bool,
}
