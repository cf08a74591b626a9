//! Variants against each other: which seeds stand on each side, what the tests say, and why.
//!
//! `docs/tables.md` states the rules beside `comparisons.csv`.

mod comparison;
mod family;
mod images;
mod looks;
#[cfg(test)]
mod looks_tests;
mod reason;
mod settings;
mod side;
#[cfg(test)]
mod tests;

pub use comparison::Comparison;
pub use family::Comparisons;
pub(crate) use looks::wanted;
pub use looks::{Look, Looks};
pub use settings::{Compare, Pairs};
