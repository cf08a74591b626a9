//! How a grid is run.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::{ClusterArgs, GridArgs};

#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(crate) grid: GridArgs,
    /// The folder of all results.
    #[arg(long, default_value = "results")]
    pub(crate) results: PathBuf,
    /// Workers at once; by default as many as processors on flex, one per GPU.
    #[arg(long)]
    pub(crate) jobs: Option<usize>,
    /// Forget what has run before.
    #[arg(long)]
    pub(crate) fresh: bool,
    /// Run failed trials again: those that crashed, ran out of memory, timed out or were refused; or only those of
    /// the named kinds. What diverged would do so again: name it to have it run from the start.
    #[arg(long, value_name = "KINDS", num_args = 0..=1, require_equals = true, value_delimiter = ',',
          default_missing_values = runner::RETRIED, value_parser = FAILURES)]
    pub(crate) retry_failed: Vec<String>,
    /// Start no more trials once this many have failed in this run.
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub(crate) max_failures: Option<usize>,
    /// How long a trial may run, such as 90s, 30m or 1h30m; then it saves a checkpoint and is `timed_out`.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) timeout: Option<Duration>,
    /// How much memory a worker may hold, such as 800MB or 2GiB; what holds more is `out_of_memory`, and is tried
    /// once more alone, with the memory of all workers at once.
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub(crate) memory: Option<u64>,
    /// Where trials run: `slurm` submits them as array jobs.
    #[arg(long, alias = "engine", value_enum, default_value_t = ExecutorName::Local)]
    pub(crate) executor: ExecutorName,
    /// On a cluster: wait until every trial is over.
    #[arg(long)]
    pub(crate) follow: bool,
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    /// Leave out the timing pass.
    #[arg(long)]
    pub(crate) no_timing: bool,
    /// No progress.
    #[arg(long)]
    pub(crate) quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExecutorName {
    /// Processes of this machine.
    Local,
    /// Array jobs of a Slurm cluster that shares this folder.
    Slurm,
}

/// The kinds of failure, as they stand in `trials.csv`.
const FAILURES: [&str; 5] = ["crashed", "out_of_memory", "timed_out", "refused", "diverged"];

fn at_least_one(written: &str) -> Result<usize, String> {
    written.parse().ok().filter(|count| *count > 0).ok_or_else(|| "a whole number from 1 on".to_owned())
}

fn duration(written: &str) -> Result<Duration, String> {
    let known = humantime::parse_duration(written).ok().filter(|duration| !duration.is_zero());
    known.ok_or_else(|| "a duration with its unit, such as 90s, 30m or 1h30m".to_owned())
}

fn size(written: &str) -> Result<u64, String> {
    // A bare number would be bytes, which nobody means.
    let unit = written.ends_with(|end: char| end.is_ascii_alphabetic());
    let known = written.parse::<bytesize::ByteSize>().ok().map(|size| size.as_u64()).filter(|bytes| unit && *bytes > 0);
    known.ok_or_else(|| "a size such as 800MB (10^6 bytes each) or 2GiB (2^30)".to_owned())
}
