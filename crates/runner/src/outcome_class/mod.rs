//! Classification of a worker's exit, and the retry policy.

mod classify;
mod retry_policy;
mod termination;

pub(crate) use classify::{ExitClass, ExitEvidence, TRIES_AGAIN, classify};
pub use retry_policy::RETRIED;
pub(crate) use retry_policy::{RetryDecision, TrialHistory, retry_decision};
pub(crate) use termination::Termination;
