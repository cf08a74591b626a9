//! Statistics over seeds: intervals, exact tests, corrections for many comparisons, equivalence.
//!
//! All functions are pure. Point estimates and exact p-values equal those of scipy and rliable; the tests read a fixture
//! that `tests/fixtures/seed_statistics.py` writes.
//!
//! ```
//! use stats::{holm, paired, t_quantile};
//!
//! // NLL of two models with the same six seeds: every seed prefers the second.
//! let pairs = [(19.2, 18.9), (19.0, 18.8), (19.4, 18.8), (19.1, 18.7), (19.3, 18.9), (19.5, 19.0)];
//! let p = paired(&pairs, 0).expect("there are pairs").two_sided();
//! assert_eq!(p, 2.0 / 64.0);
//!
//! // Holm's correction for two comparisons.
//! assert_eq!(holm(&[p, 0.5]), [2.0 * p, 0.5]);
//!
//! // Half of a 95% interval is this many standard errors with six seeds.
//! assert!((t_quantile(5.0, 0.975).expect("degrees of freedom") - 2.571).abs() < 1e-3);
//! ```

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
