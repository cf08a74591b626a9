//! The timing pass: throughput of one finished trial per variant, measured when the grid is over.
//!
//! All workers are loaded and wait; then windows of the variants alternate, one worker at work at
//! a time, so that a machine that slows down or warms up does so for all of them alike. Beside
//! each round of a variant stands a fixed matrix product, the yardstick of the machine at that
//! moment.

mod conversation;
mod figures;
mod pass;
mod rows;
mod target;

pub use pass::TimingSummary;
pub(super) use pass::pass;
