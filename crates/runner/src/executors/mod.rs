//! What a plan's trials are worked on by: this machine's processes, or a cluster.
//!
//! Every executor runs the same worker on the same folders, and a trial's own record says how it
//! ended. What an executor says refines that where there is no record: it waits, its node has died.

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
pub use emit::{Manifest, emit};
pub use executor::{Acknowledgement, Disposition, Executor, JobState};
pub use job_end::{EndCause, JobEnd};
pub use local::Local;
pub use settings::Settings;
pub use slurm::Slurm;
pub use trial_status::{State, TrialStatus, trial_statuses};

use protocol::GridDir;

/// The executor that a grid's folder was last given to.
#[must_use]
pub fn of(grid: &GridDir) -> Box<dyn Executor> {
    if Slurm::has_been_at(grid) { Box::new(Slurm::default()) } else { Box::new(Local) }
}
