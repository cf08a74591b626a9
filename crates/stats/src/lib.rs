//! Statistics over seeds: intervals, exact tests, corrections for many comparisons, equivalence.
//!
//! All functions are pure. Point estimates and exact p-values equal those of scipy and rliable; the tests read a fixture
//! that `tests/fixtures/seed_statistics.py` writes.

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
