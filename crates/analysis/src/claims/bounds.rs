//! One-sided bounds of a difference of means, rates and constants.

use super::estimate::{Estimate, Part};
use super::rate::Rate;

/// Accepted probabilities of a false outcome.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Levels {
    /// Probability that a false statement ends as supported.
    pub(super) support: f64,
    /// Probability that a true statement ends as refuted.
    pub(super) refute: f64,
}

/// A difference with everything that bounds it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Uncertain {
    /// Value of the difference.
    pub(super) value: f64,
    /// Its means over seeds; `None` without any.
    pub(super) means: Option<Estimate>,
    /// Its rates with their factors.
    pub(super) rates: Vec<(f64, Rate)>,
}

impl Uncertain {
    /// Lower and upper bound, each missed with at most the probability `level`. Several uncertain parts share the level
    /// (Bonferroni): a sum exceeds the sum of bounds only if a part exceeds its own.
    pub(super) fn bounds(&self, level: f64) -> (f64, f64) {
        let parts = self.rates.len() + usize::from(self.means.is_some());
        let level = level / parts.max(1) as f64;
        let reach = self.means.as_ref().map_or(0.0, |means| means.reach(level));
        let (mut low, mut high) = (self.value - reach, self.value + reach);
        for (factor, rate) in &self.rates {
            let down = factor * (rate.lower(level) - rate.value());
            let up = factor * (rate.upper(level) - rate.value());
            low += down.min(up);
            high += down.max(up);
        }
        (low, high)
    }

    /// Largest number of seeds behind a part; 0 without seeds.
    pub(super) fn seeds(&self) -> usize {
        let of_means = self.means.iter().flat_map(|means| &means.seeds).map(|part| part.n as usize);
        of_means.chain(self.rates.iter().map(|(_, rate)| rate.seeds)).max().unwrap_or_default()
    }

    /// The same value and spread with at least `seeds` seeds of every variant and `images` times as many test images.
    pub(super) fn projected(&self, seeds: usize, images: f64) -> Self {
        let more = |part: &Part| Part { n: part.n.max(seeds as f64), ..*part };
        let means = self.means.as_ref().map(|means| Estimate {
            value: means.value,
            seeds: means.seeds.iter().map(more).collect(),
            images: means.images.map(|part| Part { n: part.n * images, ..part }),
            flat: means.flat.clone(),
        });
        let rates: Vec<(f64, Rate)> =
            self.rates.iter().map(|(factor, rate)| (*factor, rate.at(seeds.max(rate.seeds)))).collect();
        let moved: f64 =
            self.rates.iter().zip(&rates).map(|((factor, old), (_, new))| factor * (new.value() - old.value())).sum();
        Self { value: self.value + moved, means, rates }
    }
}
