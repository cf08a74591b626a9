//! Sequential verdict: a limited number of looks at growing data, with the error spent over them.

use crate::difference::{Difference, Part};
use crate::verdict::Verdict;
use crate::{Interval, t_quantile};

/// Numbers of observations after which the data are looked at.
const LOOKS: [usize; 8] = [4, 6, 8, 12, 16, 24, 32, 48];

/// State of a sequence of observations of one loss.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Number of observations that were used.
    pub n: usize,
    /// Mean of the observations.
    pub loss: f64,
    /// Interval of the loss at the level of one look.
    pub interval: Interval,
    /// Verdict against the margin.
    pub verdict: Verdict,
    /// Smallest loss that this look sees with a probability of 80%.
    pub visible: f64,
}

/// The number of observations at the next look after `n`; `None` after the last one.
#[must_use]
pub fn next_look(n: usize) -> Option<usize> {
    LOOKS.into_iter().find(|look| *look > n)
}

/// Judges independent observations of a loss against `margin`, at the last look that they reach. The probability of a false
/// verdict over all eight looks is at most `alpha`, by Bonferroni's inequality: each interval has 1 - `alpha` / 8. `None`
/// before the first look.
///
/// ```
/// use stats::{Verdict, look};
///
/// let slower = [0.101, 0.099, 0.102, 0.100];
/// assert_eq!(look(&slower, 0.05, 0.01).unwrap().verdict, Verdict::Worse);
/// assert_eq!(look(&slower[..3], 0.05, 0.01), None);
/// ```
#[must_use]
pub fn look(losses: &[f64], margin: f64, alpha: f64) -> Option<Look> {
    let n = LOOKS.into_iter().filter(|look| *look <= losses.len()).max()?;
    let used = &losses[..n];
    let mean = used.iter().sum::<f64>() / n as f64;
    let sd = (used.iter().map(|loss| (loss - mean).powi(2)).sum::<f64>() / (n - 1) as f64).sqrt();
    // Equal observations have no spread; the resolution of a clock is no certainty.
    let part = Part::of_mean(sd.max(1e-9), n)?;
    let difference = Difference::of(mean, &[part])?;
    let level = 1.0 - alpha / LOOKS.len() as f64;
    let interval = difference.interval(level)?;
    let power = t_quantile(difference.degrees, 0.8)? * difference.se;
    let visible = margin + (interval.high - interval.low) / 2.0 + power;
    Some(Look { n, loss: mean, interval, verdict: Verdict::of_loss(interval, margin), visible })
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;

    /// Share of 1,000 sequences that end with `wanted`, if observations have this mean and a standard deviation of 0.03.
    fn share(wanted: Verdict, mean: f64, margin: f64) -> f64 {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let mut normal = || {
            let (u, v): (f64, f64) = (random.random_range(1e-12..1.0), random.random());
            (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
        };
        let ended = (0..1_000).filter(|_| {
            let mut losses = Vec::new();
            while let Some(next) = next_look(losses.len()) {
                losses.extend((losses.len()..next).map(|_| mean + 0.03 * normal()));
                match look(&losses, margin, 0.01).map(|look| look.verdict) {
                    Some(Verdict::Undecided) | None => {}
                    Some(verdict) => return verdict == wanted,
                }
            }
            false
        });
        ended.count() as f64 / 1_000.0
    }

    #[test]
    fn a_loss_at_the_margin_is_called_worse_in_one_of_a_hundred_sequences_or_less() {
        assert!(share(Verdict::Worse, 0.05, 0.05) <= 0.01);
        assert!(share(Verdict::Equivalent, 0.05, 0.05) <= 0.01);
        assert_eq!(share(Verdict::Worse, 0.0, 0.05), 0.0);
    }

    #[test]
    fn a_slowdown_of_a_tenth_is_found() {
        assert!(share(Verdict::Worse, 0.105, 0.051) > 0.95);
        assert!(share(Verdict::Equivalent, 0.0, 0.051) > 0.95);
    }
}
