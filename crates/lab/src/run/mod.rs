//! Runs a plan: a child process per trial, each the only writer of its folder.
//!
//! One dispatcher owns all state, the progress view and every write of the parent; a thread per
//! worker does nothing but wait for its end. A trial whose `outcome.json` is there is over: `done`
//! is skipped, a failure is final unless it is to be retried (`policy`). A trial without one,
//! however its worker ended, is run again and goes on from its checkpoint.

mod dispatch;
mod error;
mod eta;
#[cfg(test)]
pub(crate) mod fixture;
mod interrupts;
mod limits;
mod lock;
mod look;
mod looks;
mod machine;
mod memory;
mod options;
mod policy;
mod pool;
mod prepare;
mod presence;
mod record;
mod settle;
mod stop;
mod summary;
mod tail;
#[cfg(test)]
mod tests;
mod timing;
mod verb;
mod verdict;
mod view;
mod watch;
mod worker;

// For the engines, which share the records and the judgement.
pub(crate) use error::at;
pub(crate) use lock::FolderLock;
pub(crate) use prepare::{prepare, put_trial};
pub(crate) use presence::{Presence, tell_to_end};
pub(crate) use record::write_outcome;
pub(crate) use tail::{Trail, text_after};
pub(crate) use verb::on_this_machine;
pub(crate) use verdict::{Ended, TRIES_AGAIN, Verdict, judge};

pub use error::RunError;
pub use eta::spoken;
pub use interrupts::Interrupts;
pub use looks::run_until_decided;
pub use options::{RunOptions, Show};
pub use policy::RETRIED;
pub use prepare::Entry;
pub use summary::RunSummary;
pub use timing::TimingSummary;
pub use verb::{run, run_on, run_to, time, time_to};
pub use verdict::DISK_WORDS;
pub use watch::{WatchOptions, WatchState, glance, watch};
