//! Why a trial would run, and what one plan has that another has not: both tell changed inputs.

mod changes;
mod diff;
mod reason;
#[cfg(test)]
mod tests;

pub use changes::{Change, changes};
pub use diff::{Diff, DiffKind, DiffRow, diff};
pub use reason::{Explanation, explain};
