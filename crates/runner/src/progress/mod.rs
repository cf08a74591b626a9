//! Progress of running trials: snapshots from traces, estimates of the time left, and their display on stderr.

mod eta;
mod snapshot;
pub(crate) mod view;

pub(crate) use eta::{ActiveTrial, TrialDurations, WaitingTrial};
pub(crate) use snapshot::Snapshot;
