//! Arguments of the verbs for clusters: `status`, `cancel`, `emit`, and the cluster's settings of `run`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{GridArgs, Listing, ResultArgs};

/// Examples and exit codes of `status`.
pub(super) const STATUS: &str = "Examples:
  genbench status quickstart
  genbench status quickstart --format json";

/// Examples and exit codes of `cancel`.
pub(super) const CANCEL: &str = "Examples:
  genbench cancel quickstart
  genbench cancel quickstart --trial 0123456789ab     on a cluster only

Trials keep their checkpoints, and the same `genbench run` resumes them. A runner stops as on SIGTERM, \
within a second.

Exit codes: 0 done, 4 no trial is queued or running.";

/// Examples and exit codes of `collect`.
pub(super) const COLLECT: &str = "Example:
  genbench collect quickstart

Exit codes: 0 all trials are done, 5 some trials are not finished, 100 some trials failed.";

/// Examples and exit codes of `emit`.
pub(super) const EMIT: &str = "Examples:
  genbench emit hyperqueue experiments/quickstart.yaml > job.toml
  genbench emit kubernetes grid.yaml --cluster kubernetes.image=me/genbench > job.yaml

Submit the job with `hq job submit-file job.toml` or `kubectl apply -f job.yaml`. When it has finished, run \
`genbench collect NAME`.

Exit codes: 0 done, 2 the grid or the command is wrong, 4 all trials are finished.";

#[derive(Debug, Args)]
pub(crate) struct ClusterArgs {
    /// Setting of a cluster job, such as time=4h, mem=4G, throttle=20 or slurm.partition=gpu (repeatable); see
    /// docs/cluster.md.
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) cluster: Vec<String>,
    /// YAML file with cluster settings; --cluster overrides it.
    #[arg(long, value_name = "FILE")]
    pub(crate) cluster_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    pub(crate) result: ResultArgs,
    /// Output format.
    #[arg(long, value_enum, default_value_t = Listing::Table)]
    pub(crate) format: Listing,
}

#[derive(Debug, Args)]
pub(crate) struct CancelArgs {
    #[command(flatten)]
    pub(crate) result: ResultArgs,
    /// Trial to cancel, by its id or the start of its id (repeatable); by default all.
    #[arg(long)]
    pub(crate) trial: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct EmitArgs {
    /// Scheduler that will run the job.
    #[arg(value_enum)]
    pub(crate) target: Target,
    #[command(flatten)]
    pub(crate) grid: GridArgs,
    /// Folder of all results.
    #[arg(long, default_value = "results")]
    pub(crate) results: PathBuf,
    /// Take over the folder of another grid file with the same name.
    #[arg(long)]
    pub(crate) replace: bool,
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Target {
    /// Job file (TOML) for `hq job submit-file`.
    Hyperqueue,
    /// Indexed Job (YAML) for `kubectl apply -f`.
    Kubernetes,
}
