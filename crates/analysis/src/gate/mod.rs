//! Regression gate: tests whether a run is worse than the committed reference by more than chance explains.

mod check;
mod finding;
mod reference;

pub use check::{Gate, check};
pub use finding::{Finding, FindingClass};
pub use reference::{Figure, REFERENCE_SCHEMA, Reference, figures};
