//! What a plan's trials are worked on by: this machine's processes, or a cluster.
//!
//! Every engine runs the same worker on the same folders, and a trial's own record says how it
//! ended. What an engine says refines that where there is no record: it waits, its node has died.

mod collect;
mod emit;
mod end;
mod engine;
mod local;
mod settings;
mod slurm;
mod standing;
mod time;

pub use collect::{Collected, collect};
pub use emit::{Manifest, emit};
pub use end::{End, How};
pub use engine::{Engine, Seen, Settled, Then};
pub use local::Local;
pub use settings::Settings;
pub use slurm::Slurm;
pub use standing::{Standing, State, standings};

use protocol::GridDir;

/// The engine that a grid's folder was last given to.
#[must_use]
pub fn of(grid: &GridDir) -> Box<dyn Engine> {
    if Slurm::has_been_at(grid) { Box::new(Slurm::default()) } else { Box::new(Local) }
}
