//! Comparisons of variants: seeds of each side, tests, verdicts and reasons.
//!
//! `docs/tables.md` states the rules under `comparisons.csv`.

mod comparison;
mod controls;
mod family;
mod images;
mod interim;
#[cfg(test)]
mod interim_tests;
mod reason;
mod sides;
#[cfg(test)]
mod tests;

pub use comparison::Comparison;
pub use family::Comparisons;
pub(crate) use images::terms;
pub use interim::{Analysis, seeds_needed};
