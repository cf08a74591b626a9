//! Variants against each other: which seeds stand on each side, what the tests say, and why.
//!
//! `docs/tables.md` states the rules beside `comparisons.csv`.

mod comparison;
mod family;
mod images;
mod interim;
#[cfg(test)]
mod interim_tests;
mod reason;
mod side;
#[cfg(test)]
mod tests;

pub use comparison::Comparison;
pub use family::Comparisons;
pub use interim::{Analysis, seeds_called_for};
