//! Arguments of the verbs that read the results of a grid.

use std::path::PathBuf;

use clap::Args;

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
  genbench report results/reference/quickstart/quickstart.genbench --out report";

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
