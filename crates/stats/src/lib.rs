//! Statistics over seeds: intervals, exact tests, corrections for many comparisons, equivalence.
//!
//! All functions are pure. They equal scipy, statsmodels and rliable on the fixtures that the scripts in `tests/fixtures`
//! write.
//!
//! ```
//! use stats::{Difference, Part, clopper_pearson, holm};
//!
//! // NLL of two models: -0.42 nats apart, with the spread of six and of five seeds, and of 360 test images.
//! let parts = [Part::of_mean(0.18, 6), Part::of_mean(0.31, 5), Part::of_mean(0.9, 360)];
//! let difference = Difference::of(-0.42, &parts.map(Option::unwrap)).expect("an error above 0");
//! let interval = difference.interval(0.95).expect("degrees of freedom");
//! assert!(interval.low < -0.42 && interval.high < 0.0 && difference.two_sided() < 0.05);
//!
//! // Holm's correction for two comparisons.
//! let p = difference.two_sided();
//! assert_eq!(holm(&[p, 0.5]), [2.0 * p, 0.5]);
//!
//! // No seed of five collapsed: the rate may still be above one half.
//! assert!(clopper_pearson(0, 5, 0.95).unwrap().high > 0.5);
//! ```

mod bootstrap;
mod change_points;
mod difference;
mod draws;
mod energy;
mod holm;
mod iqm;
mod margin_verdict;
mod paired;
mod quantile;
mod rates;
mod sequence;
mod spearman;
mod student_t;
mod t_e_process;
mod tails;
#[cfg(test)]
mod tests;
mod unpaired;
mod verdict;

pub use bootstrap::{Bootstrap, Interval};
pub use change_points::{change_penalty, change_points, noise};
pub use difference::{Difference, Part};
pub use energy::{energy_p, energy_statistics};
pub use holm::holm;
pub use iqm::iqm;
pub use paired::{paired, reach_paired};
pub use quantile::quantile;
pub use rates::{clopper_pearson, discordant_pairs, fisher, reach_fisher, wilson};
pub use sequence::{Look, look, next_look};
pub use spearman::spearman;
pub use student_t::t_quantile;
pub use t_e_process::AnyTime;
pub use tails::{MAX_SPLITS, Tails};
pub use unpaired::{reach_unpaired, unpaired};
pub use verdict::{ALPHA, Evidence, LOST_MARGIN, Verdict};
