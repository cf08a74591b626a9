//! Stratified bootstrap intervals by percentiles.

use rand::distr::{Distribution, Uniform};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use super::quantile;

/// An interval, both ends in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// How to resample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bootstrap {
    /// How many resamples.
    pub resamples: usize,
    /// The probability that the interval is meant to cover.
    pub level: f64,
    /// The seed of the resampling: the same seed and data give the same interval.
    pub seed: u64,
}

impl Default for Bootstrap {
    fn default() -> Self {
        Self { resamples: 10_000, level: 0.95, seed: 0 }
    }
}

impl Bootstrap {
    /// The interval of `statistic`, each stratum resampled within itself. `None` if a stratum has
    /// fewer than two values: resampling one value would pass for certainty.
    ///
    /// With few values the percentile interval is too narrow: n values have a bootstrap sd that
    /// is smaller than the unbiased one by the factor sqrt((n - 1) / n).
    #[must_use]
    pub fn interval(&self, strata: &[&[f64]], statistic: impl Fn(&[Vec<f64>]) -> f64) -> Option<Interval> {
        if strata.is_empty() || strata.iter().any(|stratum| stratum.len() < 2) {
            return None;
        }
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        let ranges: Option<Vec<_>> = strata.iter().map(|stratum| Uniform::new(0, stratum.len() as u64).ok()).collect();
        let ranges = ranges?;
        let drawn =
            resampled(strata, self.resamples, statistic, |stratum| ranges[stratum].sample(&mut random) as usize);
        percentile(drawn, self.level)
    }
}

/// The statistic of each resample; `pick` draws an index into a stratum.
pub(super) fn resampled(
    strata: &[&[f64]],
    resamples: usize,
    statistic: impl Fn(&[Vec<f64>]) -> f64,
    mut pick: impl FnMut(usize) -> usize,
) -> Vec<f64> {
    let mut sample: Vec<Vec<f64>> = strata.iter().map(|stratum| stratum.to_vec()).collect();
    let mut one = |_| {
        for (index, (values, stratum)) in sample.iter_mut().zip(strata).enumerate() {
            values.iter_mut().for_each(|value| *value = stratum[pick(index)]);
        }
        statistic(&sample)
    };
    (0..resamples).map(&mut one).collect()
}

/// The middle `level` of the drawn statistics.
pub(super) fn percentile(mut drawn: Vec<f64>, level: f64) -> Option<Interval> {
    drawn.sort_by(f64::total_cmp);
    let tail = (1.0 - level) / 2.0;
    Some(Interval { low: quantile(&drawn, tail)?, high: quantile(&drawn, 1.0 - tail)? })
}
