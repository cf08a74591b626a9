//! Verdict from the interval of a loss and a margin.

use crate::bootstrap::Interval;
use crate::difference::Difference;
use crate::student_t::t_quantile;
use crate::verdict::Verdict;

impl Verdict {
    /// The verdict on a candidate whose `loss` (how much worse than its baseline it is) has this interval. Losses of up to
    /// `margin` do not matter; without a margin, `margin` is 0.
    ///
    /// - [`Verdict::Worse`]: the interval lies wholly above `margin`.
    /// - [`Verdict::Better`]: it lies wholly below `-margin`.
    /// - [`Verdict::Equivalent`]: it lies within the margin on both sides.
    /// - [`Verdict::Undecided`]: everything else.
    ///
    /// ```
    /// use stats::{Interval, Verdict};
    ///
    /// let loss = |low, high| Verdict::of_loss(Interval { low, high }, 0.1);
    /// assert_eq!(loss(0.2, 0.9), Verdict::Worse);
    /// assert_eq!(loss(-0.05, 0.09), Verdict::Equivalent);
    /// assert_eq!(loss(0.05, 0.3), Verdict::Undecided);
    /// ```
    #[must_use]
    pub fn of_loss(loss: Interval, margin: f64) -> Self {
        if loss.low > margin {
            Self::Worse
        } else if loss.high < -margin {
            Self::Better
        } else if loss.low >= -margin && loss.high <= margin && margin > 0.0 {
            Self::Equivalent
        } else {
            Self::Undecided
        }
    }
}

impl Difference {
    /// The smallest true difference beyond a margin that an interval of coverage `level` shows with probability `power`:
    /// the sum of both quantiles of Student's t, times the standard error.
    ///
    /// ```
    /// use stats::{Difference, Part};
    ///
    /// let three_seeds = Difference::of(0.0, &[Part::of_mean(0.1, 3).unwrap()]).unwrap();
    /// let visible = three_seeds.visible(0.95, 0.8).unwrap();
    /// assert!((visible - (4.302_653 + 1.060_660) * 0.1 / 3.0_f64.sqrt()).abs() < 1e-5);
    /// ```
    #[must_use]
    pub fn visible(&self, level: f64, power: f64) -> Option<f64> {
        let quantile = |p: f64| t_quantile(self.degrees, p);
        Some((quantile((1.0 + level) / 2.0)? + quantile(power)?) * self.se)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn interval() -> impl Strategy<Value = Interval> {
        (-10.0..10.0_f64, 0.0..5.0_f64).prop_map(|(low, width)| Interval { low, high: low + width })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_gain_is_the_mirror_of_a_loss(loss in interval(), margin in 0.0..3.0_f64) {
            let gain = Interval { low: -loss.high, high: -loss.low };
            let mirrored = match Verdict::of_loss(gain, margin) {
                Verdict::Worse => Verdict::Better,
                Verdict::Better => Verdict::Worse,
                other => other,
            };
            prop_assert_eq!(Verdict::of_loss(loss, margin), mirrored);
        }

        #[test]
        fn a_narrower_interval_never_withdraws_a_verdict(loss in interval(), share in 0.0..1.0_f64, margin in 0.0..3.0_f64) {
            let verdict = Verdict::of_loss(loss, margin);
            let cut = share * (loss.high - loss.low) / 2.0;
            let narrower = Interval { low: loss.low + cut, high: loss.high - cut };
            if verdict != Verdict::Undecided {
                prop_assert_eq!(Verdict::of_loss(narrower, margin), verdict);
            }
        }

        #[test]
        fn a_wider_margin_never_makes_a_loss_worse(loss in interval(), margin in 0.0..3.0_f64, more in 0.0..3.0_f64) {
            if Verdict::of_loss(loss, margin) != Verdict::Worse {
                prop_assert_ne!(Verdict::of_loss(loss, margin + more), Verdict::Worse);
            }
        }
    }

    #[test]
    fn without_a_margin_nothing_is_equivalent() {
        assert_eq!(Verdict::of_loss(Interval { low: 0.0, high: 0.0 }, 0.0), Verdict::Undecided);
        assert_eq!(Verdict::of_loss(Interval { low: 1e-9, high: 1.0 }, 0.0), Verdict::Worse);
    }
}
