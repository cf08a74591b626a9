//! The grid, and what is planned of it.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct GridArgs {
    /// The grid: a YAML file.
    pub(crate) grid: PathBuf,
    /// Another device than the grid's: auto, flex, wgpu or wgpu:N.
    #[arg(long)]
    pub(crate) device: Option<String>,
    /// Other seeds than the grid's, such as 0,1,2.
    #[arg(long, value_delimiter = ',')]
    pub(crate) seeds: Option<Vec<u64>>,
    /// A setting over all that the grid says, such as train.steps=100; may be repeated.
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Only the variants whose label matches (* stands for anything); may be repeated.
    #[arg(long)]
    pub(crate) only: Vec<String>,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) message_format: Format,
}

impl GridArgs {
    /// A grid as it is written.
    pub(crate) fn of(grid: &Path, message_format: Format) -> Self {
        let (set, only) = (Vec::new(), Vec::new());
        Self { grid: grid.to_owned(), device: None, seeds: None, set, only, message_format }
    }
}

#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    pub(crate) grid: GridArgs,
    /// The folder of all results: what is done is read there.
    #[arg(long, default_value = "results")]
    pub(crate) results: PathBuf,
    /// How to print trials; json is one object a line.
    #[arg(long, value_enum, default_value_t = Listing::Table)]
    pub(crate) format: Listing,
    /// Instead, what this grid has that another one, as it is written, has not.
    #[arg(long, value_name = "OTHER.yaml")]
    pub(crate) diff: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    #[command(flatten)]
    pub(crate) grid: GridArgs,
    /// A trial's id or the beginning of it, or a variant's label; by default all.
    pub(crate) trial: Option<String>,
    /// Only this seed.
    #[arg(long)]
    pub(crate) seed: Option<u64>,
    /// The folder of all results.
    #[arg(long, default_value = "results")]
    pub(crate) results: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Listing {
    /// For people, with a summary.
    Table,
    /// One JSON object a line, each with the whole trial.
    Json,
    /// One line a trial, with a header.
    Csv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Human,
    /// For programs: one JSON object a line.
    Json,
}
