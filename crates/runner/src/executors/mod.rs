//! Executors of trials: processes of this machine, or a cluster.
//!
//! Every executor runs the same worker on the same folders, and each trial's record states how it ended. An executor adds
//! the state of trials without a record: waiting, running, or lost with its node.

mod collect;
mod emit;
mod executor;
mod job_end;
mod local;
mod settings;
mod slurm;
mod time;
mod trial_status;

pub use collect::{Collected, collect};
pub use emit::{Emitted, Manifest, emit};
pub use executor::{Acknowledgement, Disposition, Executor, JobState};
pub use job_end::{EndCause, JobEnd};
pub use local::Local;
pub use settings::Settings;
pub use slurm::Slurm;
pub use trial_status::{State, TrialStatus, trial_statuses};

use protocol::GridDir;

/// Executor that last received trials of a grid.
#[must_use]
pub fn of(grid: &GridDir) -> Box<dyn Executor> {
    if Slurm::has_submissions(grid) { Box::new(Slurm::default()) } else { Box::new(Local) }
}
