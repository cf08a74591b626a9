//! Power of a comparison: the loss that it can see, and the seeds that would decide it.

use std::fmt;

use protocol::text::count;
use serde::Serialize;
use stats::{Difference, Part, t_quantile};

/// Probability with which a loss of the stated size is seen.
pub(super) const POWER: f64 = 0.8;
/// Largest number of seeds that is computed.
const MOST: usize = 1_000;

/// Spread of a difference, from which its error at other numbers of seeds follows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Spreads {
    /// Standard deviations over seeds: of the pairs alone, or of each side.
    pub(super) sd: [Option<f64>; 2],
    /// Part of the test images, which seeds do not reduce.
    pub(super) images: Option<Part>,
}

impl Spreads {
    /// The difference `effect` with its error at `n` seeds a side. `None` without an error.
    pub(super) fn at(&self, effect: f64, n: usize) -> Option<Difference> {
        let seeds = self.sd.iter().flatten().filter_map(|sd| Part::of_mean(*sd, n));
        Difference::cautious(effect, &seeds.chain(self.images).collect::<Vec<_>>())
    }

    /// The smallest loss beyond `margin` that `n` seeds show with probability [`POWER`].
    pub(super) fn visible_loss(&self, margin: f64, n: usize, level: f64) -> Option<f64> {
        Some(margin + self.at(0.0, n)?.visible(level, POWER)?)
    }

    /// The seeds a side, at least `from`, with which the interval of `loss` lies on one side of the margin, if the loss and
    /// the spreads stay as they are.
    pub(super) fn needed(&self, loss: f64, margin: f64, from: usize, level: f64) -> Needed {
        let distance = if loss.abs() > margin { loss.abs() - margin } else { margin - loss.abs() };
        self.needed_for(distance, from, level)
    }

    /// The seeds a side with which half the interval is at most `distance`.
    fn needed_for(&self, distance: f64, from: usize, level: f64) -> Needed {
        let half = |error: Difference| Some(t_quantile(error.degrees, (1.0 + level) / 2.0)? * error.se);
        self.least(distance, from, level, |n| self.at(0.0, n).and_then(half).is_some_and(|half| half <= distance))
    }

    /// The seeds a side that show a loss of `margin` and `distance` with probability [`POWER`].
    pub(super) fn needed_to_see(&self, distance: f64, level: f64) -> Needed {
        self.least(distance, 2, level, |n| self.visible_loss(0.0, n, level).is_some_and(|loss| loss <= distance))
    }

    /// The least number of seeds that suffices to tell a loss apart from one that is `distance` away.
    fn least(&self, distance: f64, from: usize, level: f64, suffices: impl Fn(usize) -> bool) -> Needed {
        let (mut low, mut high) = (from.max(2), MOST);
        if low > MOST || !suffices(MOST) {
            let of_images = self.images.and_then(|part| {
                Some(t_quantile(part.degrees, (1.0 + level) / 2.0)? * part.variance.sqrt() > distance)
            });
            return if of_images == Some(true) { Needed::Images } else { Needed::MoreThan(MOST) };
        }
        // The error falls with the number of seeds, so the least sufficient number is found by bisection.
        while low < high {
            let middle = low + (high - low) / 2;
            if suffices(middle) { high = middle } else { low = middle + 1 }
        }
        Needed::Seeds(low)
    }
}

/// Addition that would decide an undecided comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Needed {
    /// This number of seeds a side.
    Seeds(usize),
    /// More seeds than this.
    MoreThan(usize),
    /// More test images: their error alone is too large.
    Images,
}

impl fmt::Display for Needed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Seeds(seeds) => f.write_str(&count(*seeds, "seed")),
            Self::MoreThan(seeds) => write!(f, "more than {seeds} seeds"),
            Self::Images => f.write_str("more test images"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Level of a run with two figures.
    const LEVEL: f64 = 1.0 - 0.01 / 2.0;

    fn paired(sd: f64) -> Spreads {
        Spreads { sd: [Some(sd), None], images: None }
    }

    #[test]
    fn t_at_three_five_and_eight_seeds_is_that_of_printed_tables() {
        // Two-sided at 0.5%: 14.09 with 2 degrees, 5.60 with 4, 4.03 with 7.
        for (n, t) in [(3, 14.089), (5, 5.598), (8, 4.029)] {
            let difference = paired((n as f64).sqrt()).at(0.0, n).unwrap();
            let interval = difference.interval(LEVEL).unwrap();
            assert!((interval.high - t).abs() < 1e-3, "{n}: {interval:?}");
        }
    }

    #[test]
    fn the_needed_seeds_suffice_and_one_less_does_not() {
        let spreads = paired(0.3);
        let Needed::Seeds(n) = spreads.needed(0.5, 0.1, 2, LEVEL) else { panic!("decidable") };
        let high = |n: usize| spreads.at(0.5, n).unwrap().interval(LEVEL).unwrap().low;
        assert!(high(n) >= 0.1 && high(n - 1) < 0.1, "{n}");
    }

    #[test]
    fn the_seeds_that_see_a_loss_are_the_least() {
        let spreads = paired(0.3);
        let Needed::Seeds(n) = spreads.needed_to_see(0.1, LEVEL) else { panic!("decidable") };
        let seen = |n: usize| spreads.visible_loss(0.1, n, LEVEL).unwrap();
        assert!(seen(n) <= 0.2 && seen(n - 1) > 0.2, "{n}");
        let Needed::Seeds(half) = spreads.needed(0.0, 0.1, 2, LEVEL) else { panic!("decidable") };
        assert!(n > half, "{n} seeds see it with a probability of 80%, {half} with one of a half");
    }

    #[test]
    fn an_error_over_images_beyond_the_margin_asks_for_images() {
        let images = Part::of_mean(1.0, 100);
        let spreads = Spreads { sd: [Some(0.01), None], images };
        assert_eq!(spreads.needed(0.0, 0.05, 3, LEVEL), Needed::Images);
        assert_eq!(paired(1e6).needed(0.0, 0.05, 3, LEVEL), Needed::MoreThan(MOST));
    }
}
