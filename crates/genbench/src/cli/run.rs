//! Arguments of `run` and `measure`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::{ClusterArgs, GridArgs};

/// Examples and exit codes of `run`.
pub(super) const RUN: &str = "Examples:
  genbench run experiments/quickstart.yaml
  genbench run experiments/quickstart.yaml --device flex --jobs 1 --seeds 0,1
  genbench run experiments/quickstart.yaml --only 'nade*' --fresh
  genbench run experiments/quickstart.yaml --set train.epochs=2 --set data=chain
  genbench run experiments/quickstart.yaml --executor slurm --cluster time=4h
  genbench run experiments/quickstart.yaml --timeout 30m --memory 2GiB --max-failures 5
  genbench run experiments/quickstart.yaml --retry-failed
  genbench run experiments/quickstart.yaml --retry-failed=diverged,timed_out --timeout 2h

To stop a run:
  Ctrl-C         starts no new trials and lets running trials finish
  Ctrl-C twice   kills the workers
  SIGTERM        lets the workers save a checkpoint and exit (`kill PID`, `genbench cancel NAME`)

The same command resumes a stopped run. Several runners on one results folder share the work. \
`genbench watch NAME` shows a run from another terminal.

trials.csv has the outcome of each trial: done, diverged, timed_out, out_of_memory, crashed or refused. \
Interrupted trials have no outcome yet. docs/running.md states which trials are retried, and when.

Exit codes: 0 done, 2 the grid or the command is wrong, 4 no trials, 74 environment, 100 some trials failed, \
130 interrupted.";

/// Examples and exit codes of `measure`.
pub(super) const MEASURE: &str = "Examples:
  genbench measure experiments/quickstart.yaml     after adding a measure to the grid
  genbench measure experiments/quickstart.yaml --only 'vae*' --set 'measure=[nll, elbo]'

Exit codes: 0 done, 2 the grid or the command is wrong, 4 no finished trials, 74 environment, 100 some \
trials failed, 130 interrupted.";

#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(crate) grid: GridArgs,
    /// Folder of all results.
    #[arg(long, default_value = "results")]
    pub(crate) results: PathBuf,
    /// Number of workers at the same time; by default one per CPU core on flex, one per GPU.
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub(crate) jobs: Option<usize>,
    /// Discard the earlier results of these trials and start again.
    #[arg(long)]
    pub(crate) fresh: bool,
    /// Take over the folder of another grid file with the same name.
    #[arg(long)]
    pub(crate) replace: bool,
    /// Retry failed trials: all kinds but diverged, or the named kinds. Diverged trials start from step 0.
    #[arg(long, value_name = "KINDS", num_args = 0..=1, require_equals = true, value_delimiter = ',',
          default_missing_values = runner::RETRIED, value_parser = FAILURES)]
    pub(crate) retry_failed: Vec<String>,
    /// Train finished trials again that another build made, if its code for data, models and measures differs.
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) rerun_if: Option<RerunIf>,
    /// Number of failed trials in this run after which no more trials start; by default no limit.
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub(crate) max_failures: Option<usize>,
    /// Time limit of a trial, such as 90s, 30m or 1h30m; at the limit it saves a checkpoint and is `timed_out`. By
    /// default no limit.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) timeout: Option<Duration>,
    /// Memory limit of a worker, such as 800MB or 2GiB. A worker above it is killed and retried once, alone, with the
    /// memory of all workers; then it is `out_of_memory`. By default no limit.
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub(crate) memory: Option<u64>,
    /// Place where trials run.
    #[arg(long, alias = "engine", value_enum, default_value_t = ExecutorName::Local)]
    pub(crate) executor: ExecutorName,
    /// On a cluster, wait until every trial is finished.
    #[arg(long)]
    pub(crate) follow: bool,
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    /// Skip the timing pass.
    #[arg(long)]
    pub(crate) no_timing: bool,
    /// Print warnings and errors only: no progress, no summary.
    #[arg(long)]
    pub(crate) quiet: bool,
}

/// Difference for which finished trials are trained again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RerunIf {
    /// The code that computes figures.
    Code,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExecutorName {
    /// Processes on this machine.
    Local,
    /// Array jobs on a Slurm cluster that shares this folder.
    Slurm,
}

/// The kinds of failure, as written in the column `status` of `trials.csv`.
const FAILURES: [&str; 5] = ["crashed", "out_of_memory", "timed_out", "refused", "diverged"];

fn at_least_one(written: &str) -> Result<usize, String> {
    written.parse().ok().filter(|count| *count > 0).ok_or_else(|| "expected a whole number, 1 or more".to_owned())
}

pub(super) fn duration(written: &str) -> Result<Duration, String> {
    let known = humantime::parse_duration(written).ok().filter(|duration| !duration.is_zero());
    known.ok_or_else(|| "expected a duration with its unit, such as 90s, 30m or 1h30m".to_owned())
}

pub(super) fn size(written: &str) -> Result<u64, String> {
    // A number without a unit would be in bytes, which is always a mistake.
    let unit = written.ends_with(|end: char| end.is_ascii_alphabetic());
    let known = written.parse::<bytesize::ByteSize>().ok().map(|size| size.as_u64()).filter(|bytes| unit && *bytes > 0);
    known.ok_or_else(|| "expected a size with its unit, such as 800MB (10^6 bytes each) or 2GiB (2^30)".to_owned())
}
