//! What has run.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct ResultArgs {
    /// The grid's name: its folder under the results.
    pub(crate) name: String,
    /// The folder of all results.
    #[arg(long, default_value = "results")]
    pub(crate) results: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct WatchArgs {
    /// The grid's name (its folder under the results), or the grid: a YAML file.
    pub(crate) grid: PathBuf,
    /// The folder of all results.
    #[arg(long, default_value = "results")]
    pub(crate) results: PathBuf,
    /// Print the state and end.
    #[arg(long)]
    pub(crate) once: bool,
}

#[derive(Debug, Args)]
pub(crate) struct TraceArgs {
    #[command(flatten)]
    pub(crate) result: ResultArgs,
    /// Only this trial, by its id or the beginning of it; may be repeated.
    #[arg(long)]
    pub(crate) trial: Vec<String>,
    /// The format.
    #[arg(long, value_enum)]
    pub(crate) to: Tool,
    /// The file, or with tensorboard the folder; without it the document is printed.
    #[arg(long, required_if_eq("to", "tensorboard"))]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Tool {
    /// Chrome's trace events: spans and figures on a time line.
    Chrome,
    /// Event files, a run for each trial.
    Tensorboard,
    /// A test case for each trial.
    Junit,
}

#[derive(Debug, Args)]
pub(crate) struct RegressArgs {
    #[command(flatten)]
    pub(crate) result: ResultArgs,
    /// The reference; by default <results>/reference/<name>.json.
    #[arg(long)]
    pub(crate) reference: Option<PathBuf>,
    /// Write the reference from this run instead of judging.
    #[arg(long)]
    pub(crate) save: bool,
}
