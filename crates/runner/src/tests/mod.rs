//! Complete runs with scripted workers.

mod bench;
mod counting;
mod duel;
mod limits;
mod plan_kept;
mod repeated_runs;
mod signals;
mod timing;
mod unreadable;
mod watch;
mod worker_exits;
