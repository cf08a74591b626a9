//! Executor of a run, and the settings of a cluster.

use runner::executors::{Executor, Local, Settings, Slurm};

use crate::cli::{ClusterArgs, ExecutorName};
use crate::failure::Failure;

/// Returns the executor named on the command line.
pub(super) fn executor(name: ExecutorName, cluster: &ClusterArgs, follow: bool) -> Result<Box<dyn Executor>, Failure> {
    Ok(match name {
        ExecutorName::Local => Box::new(Local),
        ExecutorName::Slurm => Box::new(Slurm { settings: settings(cluster)?, follow }),
    })
}

/// Reads the settings of a cluster from a file and from the command line.
pub(super) fn settings(args: &ClusterArgs) -> Result<Settings, Failure> {
    Settings::read(args.cluster_file.as_deref(), &args.cluster).map_err(|problems| {
        let lines = problems.into_iter().map(|problem| {
            let help = problem.help.as_ref().map_or_else(String::new, |help| format!("\nhelp: {help}"));
            format!("{problem}{help}")
        });
        Failure::usage(lines.collect::<Vec<_>>().join("\nerror: "))
    })
}
