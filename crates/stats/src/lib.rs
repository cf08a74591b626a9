//! Statistics over seeds: intervals, exact tests, corrections for many comparisons, equivalence.
//!
//! Pure functions of numbers. Point estimates and exact p-values equal scipy's and rliable's
//! (`tests/fixtures/seed_statistics.py` makes the fixture that the tests read).

mod bootstrap;
mod draws;
mod equivalence;
mod holm;
mod iqm;
mod lost;
mod paired;
mod quantile;
mod spearman;
mod student_t;
mod tails;
#[cfg(test)]
mod tests;
mod unpaired;
mod verdict;

pub use bootstrap::{Bootstrap, Interval};
pub use equivalence::{equivalent_paired, equivalent_unpaired};
pub use holm::holm;
pub use iqm::iqm;
pub use lost::{ranked, ranked_pairs};
pub use paired::{paired, reach_paired};
pub use quantile::quantile;
pub use spearman::spearman;
pub use student_t::t_quantile;
pub use tails::{MAX_SPLITS, Tails};
pub use unpaired::{reach_unpaired, unpaired};
pub use verdict::{ALPHA, Evidence, Verdict};
