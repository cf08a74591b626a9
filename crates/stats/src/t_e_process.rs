//! Tests of a mean that are valid at any time: after every observation, without a plan of analyses.

use crate::bootstrap::Interval;
use crate::difference::Part;
use crate::student_t::{t_quantile, two_sided};

/// Variance of the true standardised mean (mean divided by standard deviation) in the mixture. Chosen by simulation
/// (`docs/statistics.md`) for large effects in few observations.
const EFFECT_VARIANCE: f64 = 20.0;

/// Share of the error probability that covers the shared error, if there is one.
const SHARED: f64 = 0.3;

/// An estimated difference that may be tested after every observation, with an e-process for Student's t.
///
/// With n observations, k = 1 + 20 n and Student's t on d = n - 1 degrees of freedom, the e-value is
///
/// e = k^(-1/2) ((1 + t²/d) / (1 + t²/(d k)))^((d + 1)/2).
///
/// It is the Bayes factor of a standardised mean with distribution N(0, 20) against a mean of 0, with the right-Haar prior on
/// the standard deviation. If the mean is 0, it is a nonnegative martingale that starts at 1 in the observations divided by
/// the first one (Lai, 1976, On Confidence Sequences; Wang and Ramdas, 2024, Anytime-Valid t-Tests and Confidence Sequences
/// for Gaussian Means with Unknown Variance). By Ville's inequality it ever reaches 1/alpha with probability at most alpha,
/// so 1/e is a p-value at every analysis at once.
///
/// The shared error is one draw, which more observations do not average out. It is bounded by a quantile of Student's t at a
/// fixed share of the error probability, and the mean of the observations is tested against the nearest value within that
/// bound.
///
/// ```
/// use stats::{AnyTime, Part};
///
/// let five = AnyTime { effect: -4.0, observations: Part::of_mean(1.4, 5), shared: None };
/// assert!(five.two_sided() < 0.05 && five.interval(0.95).unwrap().high < 0.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AnyTime {
    /// The estimate.
    pub effect: f64,
    /// Variance of the mean of the observations, on one degree of freedom less than their number. `None` if they do not vary.
    pub observations: Option<Part>,
    /// Variance of an error that all observations share.
    pub shared: Option<Part>,
}

impl AnyTime {
    /// The p-value of the null hypothesis that the true difference is 0, two-sided. It also bounds the probability of a claim
    /// with the wrong sign: a mean below 0 that is tested against a true mean above 0 has a smaller t against 0.
    #[must_use]
    pub fn two_sided(&self) -> f64 {
        self.beyond(self.effect.abs(), 2.0)
    }

    /// The p-value of the null hypothesis that the true difference is `margin` or more in size: the larger one of two
    /// one-sided tests. An estimate below `margin` is at least as far from every true difference above it as from `margin`, so
    /// its e-value against `margin` is at most the one against the truth.
    #[must_use]
    pub fn equivalent(&self, margin: f64) -> f64 {
        self.beyond(margin - self.effect.abs(), 1.0)
    }

    /// The interval that contains the true difference at all analyses at once with probability `level`. `None` if it is
    /// unbounded.
    #[must_use]
    pub fn interval(&self, level: f64) -> Option<Interval> {
        let half = self.half_width(1.0 - level, 2.0);
        half.is_finite().then_some(Interval { low: self.effect - half, high: self.effect + half })
    }

    /// The distance from the estimate at which the p-value is `alpha`, of a test with one or two `tails`. Infinite if no
    /// distance is enough.
    #[must_use]
    pub fn half_width(&self, alpha: f64, tails: f64) -> f64 {
        let shared = |part: Part, alpha: f64| {
            t_quantile(part.degrees, 1.0 - alpha / tails).map_or(f64::INFINITY, |t| t * part.variance.sqrt())
        };
        match (self.observations, self.shared) {
            (Some(own), Some(part)) => distance(own, (1.0 - SHARED) * alpha) + shared(part, SHARED * alpha),
            (Some(own), None) => distance(own, alpha),
            (None, Some(part)) => shared(part, alpha),
            (None, None) => f64::INFINITY,
        }
    }

    /// The p-value of a true difference at this distance from the estimate or farther. With both errors it is the smallest
    /// probability whose two shares cover the distance, found by bisection over the bound of the shared error.
    fn beyond(&self, distance: f64, tails: f64) -> f64 {
        if distance.is_nan() || distance <= 0.0 {
            return 1.0;
        }
        let of_shared = |part: Part, bound: f64| two_sided(bound / part.variance.sqrt(), part.degrees) * tails / 2.0;
        let p = match (self.observations, self.shared) {
            (Some(own), None) => reciprocal(own, distance),
            (None, Some(part)) => of_shared(part, distance),
            (None, None) => 1.0,
            (Some(own), Some(part)) => {
                let shares =
                    |bound: f64| (reciprocal(own, distance - bound) / (1.0 - SHARED), of_shared(part, bound) / SHARED);
                let (mut low, mut high) = (0.0, distance);
                loop {
                    let middle = low + (high - low) / 2.0;
                    let (seen, bounded) = shares(middle);
                    if middle <= low || middle >= high {
                        break seen.max(bounded);
                    }
                    if seen < bounded { low = middle } else { high = middle }
                }
            }
        };
        p.min(1.0)
    }
}

/// 1/e of a mean at this distance from the hypothesis.
fn reciprocal(mean: Part, distance: f64) -> f64 {
    let (d, k) = (mean.degrees, spread(mean));
    let u = distance * distance / mean.variance / d;
    (0.5 * k.ln() - (d + 1.0) / 2.0 * (u.ln_1p() - (u / k).ln_1p())).exp()
}

/// The distance at which 1/e is `alpha`, from the formula solved for t².
fn distance(mean: Part, alpha: f64) -> f64 {
    let (d, k) = (mean.degrees, spread(mean));
    let root = 2.0 / (d + 1.0) * (k.sqrt() / alpha).ln();
    if root >= k.ln() {
        return f64::INFINITY;
    }
    let u = root.exp_m1() / (1.0 - root.exp() / k);
    (u * d * mean.variance).sqrt()
}

/// Variance of the mean under the mixture, as a multiple of its variance with a true mean of 0.
fn spread(mean: Part) -> f64 {
    1.0 + (mean.degrees + 1.0) * EFFECT_VARIANCE
}
