//! Other executors than this machine.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{GridArgs, Listing, ResultArgs};

#[derive(Debug, Args)]
pub(crate) struct ClusterArgs {
    /// What each trial is given on a cluster, such as time=4h, mem=4G, throttle=20 or slurm.partition=gpu; may
    /// be repeated. See docs/cluster.md.
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) cluster: Vec<String>,
    /// A YAML file of the same.
    #[arg(long, value_name = "FILE")]
    pub(crate) cluster_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    pub(crate) result: ResultArgs,
    /// How to print trials; json is one object a line.
    #[arg(long, value_enum, default_value_t = Listing::Table)]
    pub(crate) format: Listing,
}

#[derive(Debug, Args)]
pub(crate) struct CancelArgs {
    #[command(flatten)]
    pub(crate) result: ResultArgs,
    /// Only this trial, by its id or the beginning of it; may be repeated.
    #[arg(long)]
    pub(crate) trial: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct EmitArgs {
    /// For whom.
    #[arg(value_enum)]
    pub(crate) target: Target,
    #[command(flatten)]
    pub(crate) grid: GridArgs,
    /// The folder of all results.
    #[arg(long, default_value = "results")]
    pub(crate) results: PathBuf,
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Target {
    /// A job file: TOML.
    Hyperqueue,
    /// An Indexed Job: YAML.
    Kubernetes,
}
