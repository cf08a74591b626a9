//! Arguments of `regress` and `baseline`.

use std::path::PathBuf;
use std::time::Duration;

use analysis::gate::{GateFormat, MAIN, is_baseline_name};
use clap::{Args, Subcommand, ValueEnum};

use super::results::ResultArgs;

/// Examples and exit codes of `regress`.
pub(super) const REGRESS: &str = "Examples:
  genbench regress quickstart                      on a pull request, after `genbench run`
  genbench regress quickstart --format markdown --out comment.md
  genbench regress quickstart --baseline results/reference/quickstart/quickstart.genbench
  genbench regress quickstart --against-build ../main/target/release/genbench
  genbench regress quickstart --against-rev main --budget 5m --speed-margin 2%
  genbench regress quickstart --against-rev main --instructions

`genbench baseline save quickstart` saves the baseline, on the main branch. Trials are paired by their inputs and seeds. Equal bits prove that nothing changed; otherwise the interval of the loss is \
compared with the margin. docs/gate.md states the rules.

In GitHub Actions the step summary and the annotations are written without an option.

Exit codes: 0 no regression, 3 worse, 5 undecided, 6 stale baseline. If several apply: 3 before 6 before 5.";

/// Examples of `baseline`.
pub(super) const BASELINE: &str = "Examples:
  genbench baseline save quickstart
  genbench baseline save quickstart --as v0_2
  genbench baseline list quickstart
  genbench baseline show quickstart
  genbench baseline diff quickstart v0_2 main
  genbench baseline promote quickstart v0_2 main
  genbench baseline prune quickstart --dry-run";

#[derive(Debug, Args)]
pub(crate) struct RegressArgs {
    #[command(flatten)]
    pub(crate) result: ResultArgs,
    /// Baseline to compare with: a name, or a file (a baseline or a pack).
    #[arg(long, alias = "reference", value_name = "NAME|FILE", default_value = MAIN)]
    pub(crate) baseline: String,
    /// Exit with 3 if a figure that gates is undecided.
    #[arg(long)]
    pub(crate) fail_undecided: bool,
    /// Output format.
    #[arg(long, value_enum, default_value_t = GateFormatName::Text)]
    pub(crate) format: GateFormatName,
    /// File to write the output to, besides the text on the terminal.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["against_build", "against_rev"])]
    pub(crate) out: Option<PathBuf>,
    /// Time this build against another executable of genbench, in turn, instead of comparing figures.
    #[arg(long, value_name = "PATH", conflicts_with_all = ["baseline", "save"])]
    pub(crate) against_build: Option<PathBuf>,
    /// Build this commit in a worktree and time against it.
    #[arg(long, value_name = "REV", conflicts_with_all = ["baseline", "save", "against_build"])]
    pub(crate) against_rev: Option<String>,
    /// Time for each variant, with --against-build or --against-rev.
    #[arg(long, value_name = "TIME", default_value = "2m", value_parser = humantime::parse_duration)]
    pub(crate) budget: Duration,
    /// Relative slowdown that does not matter, with --against-build or --against-rev.
    #[arg(long, value_name = "SHARE", default_value_t = 0.05, value_parser = share)]
    pub(crate) speed_margin: f64,
    /// Count the instructions of both builds as well, with --against-build or --against-rev. Needs `valgrind`, and is slow.
    #[arg(long)]
    pub(crate) instructions: bool,
    /// Old name of `baseline save`.
    #[arg(long, hide = true)]
    pub(crate) save: bool,
    /// Folder of all results that has the baselines; by default that of the run.
    #[arg(skip)]
    pub(crate) baselines: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GateFormatName {
    /// Table for people.
    Text,
    /// One JSON object with all numbers.
    Json,
    /// Comment of a pull request, below 64 KB.
    Markdown,
    /// JUnit XML, one test case per figure.
    Junit,
    /// Annotations of GitHub Actions.
    Github,
    /// Bencher Metric Format: the figures of the run.
    Bmf,
    /// Input of the action github-action-benchmark (customSmallerIsBetter).
    GhaBenchmark,
}

impl From<GateFormatName> for GateFormat {
    fn from(name: GateFormatName) -> Self {
        match name {
            GateFormatName::Text => Self::Text,
            GateFormatName::Json => Self::Json,
            GateFormatName::Markdown => Self::Markdown,
            GateFormatName::Junit => Self::Junit,
            GateFormatName::Github => Self::Github,
            GateFormatName::Bmf => Self::Bmf,
            GateFormatName::GhaBenchmark => Self::GhaBenchmark,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum BaselineVerb {
    /// Save the results of a finished grid as a baseline.
    #[command(after_help = "Examples:
  genbench baseline save quickstart
  genbench baseline save quickstart --as v0_2")]
    Save(NamedArgs),
    /// List the baselines of a grid.
    #[command(after_help = "Example:
  genbench baseline list quickstart")]
    List(ResultArgs),
    /// Show a baseline: its build and machine, and the loss that it can see in each figure.
    #[command(after_help = "Example:
  genbench baseline show quickstart --as v0_2")]
    Show(NamedArgs),
    /// Compare a baseline with another one, by the rules of `regress`.
    #[command(after_help = "Example:
  genbench baseline diff quickstart v0_2 main")]
    Diff(FromToArgs),
    /// Save a baseline under another name.
    #[command(after_help = "Example:
  genbench baseline promote quickstart v0_2 main")]
    Promote(FromToArgs),
    /// Delete the baselines whose inputs are not those of the last run. `main` is kept.
    #[command(after_help = "Example:
  genbench baseline prune quickstart --dry-run")]
    Prune(PruneArgs),
}

impl BaselineVerb {
    /// The grid in the arguments.
    pub(crate) fn result(&mut self) -> &mut ResultArgs {
        match self {
            Self::Save(args) | Self::Show(args) => &mut args.result,
            Self::List(result) => result,
            Self::Diff(args) | Self::Promote(args) => &mut args.result,
            Self::Prune(args) => &mut args.result,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct NamedArgs {
    #[command(flatten)]
    pub(crate) result: ResultArgs,
    /// Name of the baseline.
    #[arg(long = "as", value_name = "NAME", default_value = MAIN, value_parser = baseline_name)]
    pub(crate) named: String,
    /// Folder of all results that has the baselines; by default that of the run.
    #[arg(skip)]
    pub(crate) baselines: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct FromToArgs {
    #[command(flatten)]
    pub(crate) result: ResultArgs,
    /// Name of the baseline.
    #[arg(value_parser = baseline_name)]
    pub(crate) from: String,
    /// Name of the other baseline.
    #[arg(default_value = MAIN, value_parser = baseline_name)]
    pub(crate) to: String,
}

#[derive(Debug, Args)]
pub(crate) struct PruneArgs {
    #[command(flatten)]
    pub(crate) result: ResultArgs,
    /// List the files and keep them.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

fn share(text: &str) -> Result<f64, String> {
    let value = text.strip_suffix('%').map_or_else(|| text.parse(), |percent| percent.parse().map(|p: f64| p / 100.0));
    match value {
        Ok(value) if value > 0.0 && value < 0.9 => Ok(value),
        _ => Err("expected a share above 0 and below 0.9, such as 0.05 or 5%".to_owned()),
    }
}

fn baseline_name(text: &str) -> Result<String, String> {
    match is_baseline_name(text) {
        true => Ok(text.to_owned()),
        false => Err("a name has letters, digits, `-` and `_`, such as main or v0_2".to_owned()),
    }
}
