//! Arguments of `history`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::results::ResultArgs;

/// Examples of `history`.
pub(super) const HISTORY: &str = "Examples:
  genbench history add quickstart
  genbench history show quickstart
  genbench history show quickstart --format html --out trend.html

docs/gate.md describes the file and the search for steps.";

#[derive(Debug, Subcommand)]
pub(crate) enum HistoryVerb {
    /// Append the figures of a finished grid to its history.
    #[command(after_help = "Example:
  genbench history add quickstart                  after each run on the main branch; commit the file")]
    Add(HistoryAddArgs),
    /// Show every figure over the commits, and the commits at which it changed for good.
    #[command(after_help = "Examples:
  genbench history show quickstart
  genbench history show quickstart --format csv > history.csv
  genbench history show quickstart --format html --out trend.html      a page with a plot per figure

Exit codes: 0 done, 2 the command is wrong, 4 the grid has no history.")]
    Show(HistoryShowArgs),
}

impl HistoryVerb {
    /// The grid in the arguments.
    pub(crate) fn result(&mut self) -> &mut ResultArgs {
        match self {
            Self::Add(args) => &mut args.result,
            Self::Show(args) => &mut args.result,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct HistoryAddArgs {
    #[command(flatten)]
    pub(crate) result: ResultArgs,
    /// Folder of all results that has the history; by default that of the run.
    #[arg(skip)]
    pub(crate) histories: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct HistoryShowArgs {
    #[command(flatten)]
    pub(crate) result: ResultArgs,
    /// Output format.
    #[arg(long, value_enum, default_value_t = HistoryFormat::Text)]
    pub(crate) format: HistoryFormat,
    /// File to write the output to, besides the text on the terminal.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum HistoryFormat {
    /// One line per figure.
    Text,
    /// One JSON object with all values and steps.
    Json,
    /// One row per value.
    Csv,
    /// One page without other files: a plot per figure, with the commit of each step.
    Html,
}
