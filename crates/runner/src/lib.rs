//! Runs a plan with one child process per trial; each worker is the only writer of its trial's folder.
//!
//! One dispatcher owns the state, the progress display and all writes of the parent. A thread per worker waits for its
//! exit. A trial with an `outcome.json` has ended: `done` is skipped, and a failure is final unless it is retried
//! ([`RETRIED`]). A trial without an outcome runs again from its checkpoint. Executors ([`executors`]) start the same
//! worker on this machine or on a cluster. This crate does not depend on Burn.
//!
//! ```
//! use protocol::{Build, GridDir, Plan, fixtures};
//!
//! let results = tempfile::tempdir()?;
//! let grid = GridDir::new(results.path(), "widths");
//! let plan = Plan::new("widths", vec![fixtures::trial("nade", 0), fixtures::trial("nade", 1)]);
//!
//! // States what a run would do with each trial, and why.
//! let explanations = runner::explain(&grid, &plan.trials.iter().collect::<Vec<_>>(), &Build::default())?;
//! assert!(explanations.iter().all(|explanation| explanation.next == "train"));
//! # Ok::<(), std::io::Error>(())
//! ```

mod dispatcher;
pub mod duel;
mod error;
pub mod executors;
mod explain;
mod forecast;
pub mod interim;
mod interrupts;
mod machine;
mod options;
mod other_builds;
mod outcome_class;
mod progress;
mod run;
mod runner_file;
mod summary;
#[cfg(test)]
mod tests;
mod timing;
mod trial_folder;
mod watch;
mod worker_process;

pub use error::RunError;
pub use explain::{Explanation, Nearest, explain};
pub use forecast::{Forecast, Next, has_too_few_seeds, repeated_closed_forms};
pub use interim::run_until_decided;
pub use interrupts::Interrupts;
pub use options::{RunOptions, Show};
pub use other_builds::of_other_code;
pub use outcome_class::RETRIED;
pub use run::{run_on, run_to, time_to};
pub use summary::RunSummary;
pub use timing::{TIMING_FIGURES, TimingSummary};
pub use trial_folder::{Entry, StoredPlan, stored_plan};
pub use watch::{WatchOptions, WatchState, watch, watch_state};
