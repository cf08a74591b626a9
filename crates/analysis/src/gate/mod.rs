//! The gate: is a run worse than the committed reference, by more than chance explains?

mod figures;
mod judge;

pub use figures::{Figure, REFERENCE_SCHEMA, Reference, figures};
pub use judge::{Finding, Gate, Verdict, judge};
