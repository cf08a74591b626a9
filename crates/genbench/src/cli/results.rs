//! Arguments of the verbs that read the results of a grid.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};
use protocol::text::shell_word;

/// Examples and exit codes of `watch`.
pub(super) const WATCH: &str = "Examples:
  genbench watch quickstart                        until all trials are finished
  genbench watch experiments/quickstart.yaml
  genbench watch quickstart --once                 print the current state

This command only reads traces and outcomes, so it cannot disturb a run. It cannot tell a killed worker from a \
slow one: both are reported as silent.

Exit codes: 0 done (with --once also while trials run), 100 some trials failed.";

/// Examples and exit codes of `table`.
pub(super) const TABLE: &str = "Examples:
  genbench table quickstart
  genbench table results/reference/quickstart/quickstart.genbench --out tables";

/// Examples and exit codes of `report`.
pub(super) const REPORT: &str = "Examples:
  genbench report quickstart
  genbench report results/reference/quickstart/quickstart.genbench --out report
  genbench report quickstart --watch               while `genbench run` runs, here or elsewhere
  genbench report quickstart --watch --every 30s --quiet

With --watch, report.html is the only file that is written. The page in a browser loads itself again until the grid \
is finished or Ctrl-C ends this command.

Exit codes: 0 done (with --watch also after Ctrl-C), 2 the command is wrong, 74 environment.";

/// Examples and exit codes of `compare`.
pub(super) const COMPARE: &str = "Examples:
  genbench compare quickstart results/reference/quickstart/quickstart.genbench
  genbench compare before.genbench after.genbench --out comparison
  genbench compare a b c --format markdown

The first run is compared with each other one, by the rules of `genbench regress`. Variants with changed settings are \
compared as well, unless their data differ. docs/report.md describes the output.

Exit codes: 0 done, whatever the verdicts are (`genbench regress` decides), 2 the command is wrong, 74 environment.";

/// Examples and exit codes of `claims`.
pub(super) const CLAIMS: &str = "Examples:
  genbench claims lecture
  genbench claims results/reference/lecture/lecture.genbench

The output has the statement of each claim, its outcome, the numbers behind it and what would decide it. docs/claims.md \
describes statements and tests.

Exit codes: 0 all claims are supported, 3 a claim is refuted, 4 the grid has no claims, 5 a claim is undecided and none is \
refuted.";

#[derive(Clone, Debug, Args)]
pub(crate) struct ResultArgs {
    /// Name of the grid, which is its folder in the results, or its YAML file.
    pub(crate) name: String,
    /// Folder of all results.
    #[arg(long, default_value = RESULTS)]
    pub(crate) results: PathBuf,
    /// Pack in whose place `name` stands.
    #[arg(skip)]
    pub(crate) pack: Option<String>,
}

/// Default folder of all results.
const RESULTS: &str = "results";

impl ResultArgs {
    /// The grid or its pack and, if it is not the default, the folder of results: words of a command in advice.
    pub(crate) fn words(&self) -> String {
        self.words_in(&self.results)
    }

    /// The words with another folder of results.
    pub(crate) fn words_in(&self, results: &Path) -> String {
        shell_word(self.pack.as_ref().unwrap_or(&self.name)) + &results_option(results)
    }
}

/// The option for a folder of results, with a blank before it; empty for the default.
pub(crate) fn results_option(results: &Path) -> String {
    match results == Path::new(RESULTS) {
        true => String::new(),
        false => format!(" --results {}", shell_word(&results.display().to_string())),
    }
}

#[derive(Debug, Args)]
pub(crate) struct TableArgs {
    #[command(flatten)]
    pub(crate) result: ResultArgs,
    /// Folder to write into; by default the folder of the grid.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: Option<PathBuf>,
    /// Print warnings and errors only.
    #[arg(long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    #[command(flatten)]
    pub(crate) table: TableArgs,
    /// Write the page again whenever results change, until all trials have ended.
    #[arg(long)]
    pub(crate) watch: bool,
    /// Time between two polls of the results, with --watch, such as 5s or 1m.
    #[arg(long, value_name = "DURATION", default_value = "5s", value_parser = super::run::duration, requires = "watch")]
    pub(crate) every: Duration,
}

#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    /// Runs: names of grids, their YAML files, results folders or packs. The first one is compared with each other one.
    #[arg(value_name = "RUN", required = true, num_args = 2..)]
    pub(crate) runs: Vec<String>,
    /// Folder of all results, for names and YAML files.
    #[arg(long, default_value = "results")]
    pub(crate) results: PathBuf,
    /// Folder for compare.html, one page without other files.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: Option<PathBuf>,
    /// Output format.
    #[arg(long, value_enum, default_value_t = CompareFormat::Text)]
    pub(crate) format: CompareFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CompareFormat {
    /// Text for people.
    Text,
    /// One JSON object with all numbers.
    Json,
    /// Tables for a comment or a page.
    Markdown,
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
