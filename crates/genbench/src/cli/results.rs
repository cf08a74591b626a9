//! Arguments of the verbs that read the results of a grid.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Clone, Debug, Args)]
pub(crate) struct ResultArgs {
    /// Name of the grid, which is its folder in the results, or its YAML file.
    pub(crate) name: String,
    /// Folder of all results.
    #[arg(long, default_value = "results")]
    pub(crate) results: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct TableArgs {
    #[command(flatten)]
    pub(crate) result: ResultArgs,
    /// Folder to write into; by default the folder of the grid.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct WatchArgs {
    /// Name of the grid, or its YAML file.
    pub(crate) grid: PathBuf,
    /// Folder of all results.
    #[arg(long, default_value = "results")]
    pub(crate) results: PathBuf,
    /// Print the current state and exit.
    #[arg(long)]
    pub(crate) once: bool,
}

#[derive(Debug, Args)]
pub(crate) struct TraceArgs {
    #[command(flatten)]
    pub(crate) result: ResultArgs,
    /// Trial to export, by its id or the start of its id (repeatable); by default all.
    #[arg(long)]
    pub(crate) trial: Vec<String>,
    /// Output format.
    #[arg(long, value_enum)]
    pub(crate) to: Tool,
    /// File to write (by default stdout); for tensorboard the folder, which is required.
    #[arg(long, required_if_eq("to", "tensorboard"))]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Tool {
    /// Trace events of Chrome (JSON): spans and figures on a timeline.
    Chrome,
    /// Event files, one run per trial.
    Tensorboard,
    /// XML with one test case per trial.
    Junit,
}
