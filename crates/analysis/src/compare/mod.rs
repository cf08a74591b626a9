//! Comparisons of variants: seeds of each side, tests, verdicts and reasons.
//!
//! `docs/statistics.md` states the rules.

mod any_time;
#[cfg(test)]
mod any_time_simulation;
#[cfg(test)]
mod any_time_tests;
mod comparison;
mod controls;
mod error_parts;
mod family;
mod images;
mod interim;
#[cfg(test)]
mod interim_tests;
mod likelihood;
mod marks;
mod needed;
mod permutation;
mod reason;
mod sides;
#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;
mod two_units;

pub use comparison::Comparison;
pub use family::Comparisons;
pub use images::ImageTerms;
pub use interim::{Analysis, seeds_needed};
#[cfg(test)]
pub(crate) use likelihood::tests::fixture as likelihood_fixture;
pub use likelihood::{
    BracketPosition, Calibration, Distance, End, LikelihoodComparison, LikelihoodRow, LikelihoodTable, LikelihoodValue,
    Scope,
};
pub use marks::Marks;
