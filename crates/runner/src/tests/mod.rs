//! Complete runs with scripted workers.

mod bench;
mod limits;
mod plan_kept;
mod repeated_runs;
mod signals;
mod timing;
mod watch;
mod worker_exits;
