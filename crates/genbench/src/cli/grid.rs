//! Arguments that name a grid, and those of `plan` and `explain`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::RerunIf;

/// Examples and exit codes of `plan`.
pub(super) const PLAN: &str = "Examples:
  genbench plan experiments/quickstart.yaml
  genbench plan experiments/quickstart.yaml --seeds 0,1,2,3 --format csv > trials.csv
  genbench plan experiments/quickstart.yaml --diff old.yaml

The next step of a trial:
  train      train it from the start
  continue   resume it from its checkpoint
  measure    take a measure that was added to the grid after the trial finished
  done       none
  failed     none, unless `run --retry-failed` retries it
  unreadable depends on its record, which cannot be used
  model_lost none: a measure was added, and the trained model is gone

Exit codes: 0 done, 2 the grid or the command is wrong, 4 the grid has no trials.";

/// Examples and exit codes of `explain`.
pub(super) const EXPLAIN: &str = "Examples:
  genbench explain experiments/quickstart.yaml 'nade hidden=100' --seed 0
  genbench explain experiments/quickstart.yaml 0123456789ab
  genbench explain quickstart                      all trials of the last run of this grid

For a trial to train, the output lists the differences to the most similar finished trial: the same \
variant and seed if there is one, else the trial that differs in the fewest inputs.

Exit codes: 0 done, 2 the grid or the command is wrong, 4 the grid has no trials.";

#[derive(Debug, Args)]
pub(crate) struct GridArgs {
    /// Grid: a YAML file, or the name of a grid that has run.
    pub(crate) grid: PathBuf,
    /// Device that replaces the grid's: auto, flex (CPU), wgpu or wgpu:N (GPU number N).
    #[arg(long)]
    pub(crate) device: Option<String>,
    /// Seeds that replace the grid's, separated by commas, such as 0,1,2.
    #[arg(long, value_delimiter = ',', value_parser = seed)]
    pub(crate) seeds: Option<Vec<u64>>,
    /// Setting that overrides the grid everywhere, such as train.steps=100 (repeatable).
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Variants to include, by their whole label; * matches any text, ? any character (repeatable). By default all.
    #[arg(long, value_name = "LABEL")]
    pub(crate) only: Vec<String>,
    /// Form of messages and results.
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    pub(crate) message_format: Format,
}

impl GridArgs {
    /// The options that select or change trials, as written.
    pub(crate) fn overrides(&self) -> Vec<String> {
        let seeds = |seeds: &Vec<u64>| seeds.iter().map(u64::to_string).collect::<Vec<_>>().join(",");
        let many = |option: &str, values: &[String]| values.iter().map(|value| format!("{option} {value}")).collect();
        let one = |option: &str, value: Option<String>| many(option, value.as_slice());
        let all: [Vec<String>; 4] = [
            one("--device", self.device.clone()),
            one("--seeds", self.seeds.as_ref().map(seeds)),
            many("--set", &self.set),
            many("--only", &self.only),
        ];
        all.concat()
    }

    /// Arguments for a grid file without overrides.
    pub(crate) fn of(grid: &Path, message_format: Format) -> Self {
        let (set, only) = (Vec::new(), Vec::new());
        Self { grid: grid.to_owned(), device: None, seeds: None, set, only, message_format }
    }
}

/// Parses one seed. A range gets the list that it means.
pub(crate) fn seed(written: &str) -> Result<u64, String> {
    let text = written.trim();
    if let Ok(seed) = text.parse() {
        return Ok(seed);
    }
    let range = text.split_once("..").or_else(|| text.split_once('-'));
    let ends = range.and_then(|(from, to)| {
        let last = to.strip_prefix('=');
        let to: u64 = last.unwrap_or(to).parse().ok()?;
        // `0..3` ends before 3, as in Rust; `0-3` and `0..=3` with it.
        Some((from.parse::<u64>().ok()?, if text.contains("..") && last.is_none() { to } else { to.checked_add(1)? }))
    });
    Err(match ends {
        Some((from, to)) if from < to && to - from <= 100 => {
            let list: Vec<_> = (from..to).map(|seed| seed.to_string()).collect();
            format!("a range is not a list of seeds: write {}", list.join(","))
        }
        _ => format!("expected whole numbers from 0 to {}, such as 0,1,2", u64::MAX),
    })
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
