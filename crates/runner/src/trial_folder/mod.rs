//! Files in a trial's folder that the parent prepares, reads and writes.

mod outcome_writer;
mod plan_writer;
mod prepare;
mod trace_tail;

pub(crate) use outcome_writer::write_outcome;
pub use plan_writer::{StoredPlan, stored_plan};
pub use prepare::Entry;
pub(crate) use prepare::{delete_files, prepare, put_trial, remove};
pub(crate) use trace_tail::{TraceSummary, TraceTail, length, text_after};
