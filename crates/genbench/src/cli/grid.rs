//! Arguments that name a grid, and those of `plan` and `explain`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::RerunIf;

#[derive(Debug, Args)]
pub(crate) struct GridArgs {
    /// Grid: a YAML file.
    pub(crate) grid: PathBuf,
    /// Device that replaces the grid's: auto, flex (CPU), wgpu or wgpu:N (GPU number N).
    #[arg(long)]
    pub(crate) device: Option<String>,
    /// Seeds that replace the grid's, separated by commas, such as 0,1,2.
    #[arg(long, value_delimiter = ',')]
    pub(crate) seeds: Option<Vec<u64>>,
    /// Setting that overrides the grid everywhere, such as train.steps=100 (repeatable).
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Variants to include, by label; * matches any text (repeatable). By default all.
    #[arg(long, value_name = "LABEL")]
    pub(crate) only: Vec<String>,
    /// Form of messages and results.
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    pub(crate) message_format: Format,
}

impl GridArgs {
    /// Arguments for a grid file without overrides.
    pub(crate) fn of(grid: &Path, message_format: Format) -> Self {
        let (set, only) = (Vec::new(), Vec::new());
        Self { grid: grid.to_owned(), device: None, seeds: None, set, only, message_format }
    }
}

#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    pub(crate) grid: GridArgs,
    /// Folder of all results, from which the state of each trial is read.
    #[arg(long, default_value = "results")]
    pub(crate) results: PathBuf,
    /// Output format.
    #[arg(long, value_enum, default_value_t = Listing::Table)]
    pub(crate) format: Listing,
    /// Show what `run --rerun-if` would train again.
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) rerun_if: Option<RerunIf>,
    /// Show the changes against another grid instead.
    #[arg(long, value_name = "OTHER.yaml")]
    pub(crate) diff: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    #[command(flatten)]
    pub(crate) grid: GridArgs,
    /// Trials to explain: an id, the start of an id, or the label of a variant; by default all.
    pub(crate) trial: Option<String>,
    /// Seed to explain; by default all.
    #[arg(long)]
    pub(crate) seed: Option<u64>,
    /// Folder of all results.
    #[arg(long, default_value = "results")]
    pub(crate) results: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Listing {
    /// Text with a summary.
    Table,
    /// One JSON object per line.
    Json,
    /// CSV with a header, one row per trial.
    Csv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text.
    Human,
    /// One JSON object per line.
    Json,
}
