//! Arguments of `history`.

use clap::{Args, Subcommand, ValueEnum};

use super::results::ResultArgs;

/// Examples of `history`.
pub(super) const HISTORY: &str = "Examples:
  genbench history add quickstart
  genbench history show quickstart

docs/gate.md describes the file and the search for steps.";

#[derive(Debug, Subcommand)]
pub(crate) enum HistoryVerb {
    /// Append the figures of a finished grid to its history.
    #[command(after_help = "Example:
  genbench history add quickstart                  after each run on the main branch; commit the file")]
    Add(ResultArgs),
    /// Show every figure over the commits, and the commits at which it changed for good.
    #[command(after_help = "Examples:
  genbench history show quickstart
  genbench history show quickstart --format csv > history.csv

Exit codes: 0 done, 2 the command is wrong, 4 the grid has no history.")]
    Show(HistoryShowArgs),
}

impl HistoryVerb {
    /// The grid in the arguments.
    pub(crate) fn result(&mut self) -> &mut ResultArgs {
        match self {
            Self::Add(result) => result,
            Self::Show(args) => &mut args.result,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct HistoryShowArgs {
    #[command(flatten)]
    pub(crate) result: ResultArgs,
    /// Output format.
    #[arg(long, value_enum, default_value_t = HistoryFormat::Text)]
    pub(crate) format: HistoryFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum HistoryFormat {
    /// One line per figure.
    Text,
    /// One JSON object with all values and steps.
    Json,
    /// One row per value.
    Csv,
}
