//! Percentile intervals of the stratified bootstrap.

use rand::distr::{Distribution, Uniform};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use crate::draws::draws;
use crate::quantile::quantile_by;

/// A closed interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// Settings of a bootstrap.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bootstrap {
    /// Number of resamples.
    pub resamples: usize,
    /// Nominal coverage of the interval.
    pub level: f64,
    /// Seed of the resampling. The same seed and data give the same interval.
    pub seed: u64,
}

impl Default for Bootstrap {
    fn default() -> Self {
        Self { resamples: 10_000, level: 0.95, seed: 0 }
    }
}

impl Bootstrap {
    /// The confidence interval of `statistic`, with each stratum resampled separately. `None` if a stratum has fewer than
    /// two values, because resampling one value would give an interval of width 0.
    ///
    /// With few values the percentile interval is too narrow: the bootstrap standard deviation of n values is smaller than
    /// the unbiased one by the factor sqrt((n - 1) / n).
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

    /// The confidence interval of a statistic of one sample that does not depend on the order of its values. The result
    /// equals [`Bootstrap::interval`] bit for bit. With five values it takes a hundredth of the time, because all samples
    /// of a size share their resamples, of which few are distinct.
    #[must_use]
    pub fn interval_of_one(&self, values: &[f64], statistic: impl Fn(&[f64]) -> f64) -> Option<Interval> {
        let draws = draws(self.seed, self.resamples, &[values.len()], true)?;
        let mut sample = values.to_vec();
        let weighted = draws.strata[0].distinct.iter().zip(&draws.strata[0].counts);
        let weighted = weighted.map(|(indices, count)| {
            sample.iter_mut().zip(indices).for_each(|(value, index)| *value = values[*index as usize]);
            (statistic(&sample), *count)
        });
        percentile_of_weighted(weighted.collect(), self.level)
    }

    /// The confidence interval of `whole`, a statistic of the numbers that `each` computes, one per stratum. The result
    /// equals [`Bootstrap::interval`] bit for bit.
    #[must_use]
    pub fn interval_of_each(
        &self,
        strata: &[&[f64]],
        each: impl Fn(&[f64]) -> f64,
        whole: impl Fn(&[f64]) -> f64,
    ) -> Option<Interval> {
        let lengths: Vec<usize> = strata.iter().map(|stratum| stratum.len()).collect();
        let draws = draws(self.seed, self.resamples, &lengths, false)?;
        let numbers: Vec<Vec<f64>> = strata
            .iter()
            .zip(&draws.strata)
            .map(|(values, drawn)| {
                let mut sample = values.to_vec();
                let mut number = |indices: &Vec<u32>| {
                    sample.iter_mut().zip(indices).for_each(|(value, index)| *value = values[*index as usize]);
                    each(&sample)
                };
                drawn.distinct.iter().map(&mut number).collect()
            })
            .collect();
        let mut per_stratum = vec![0.0; strata.len()];
        let drawn = (0..self.resamples).map(|at| {
            for (number, (known, drawn)) in per_stratum.iter_mut().zip(numbers.iter().zip(&draws.strata)) {
                *number = known[drawn.which[at] as usize];
            }
            whole(&per_stratum)
        });
        percentile(drawn.collect(), self.level)
    }
}

/// Returns the statistic of each resample; `pick` draws an index into a stratum.
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

/// The interval that holds the middle share `level` of the drawn statistics.
pub(super) fn percentile(mut drawn: Vec<f64>, level: f64) -> Option<Interval> {
    let tail = (1.0 - level) / 2.0;
    let mut at = |at: f64| quantile_by(drawn.len(), at, |rank| *drawn.select_nth_unstable_by(rank, f64::total_cmp).1);
    Some(Interval { low: at(tail)?, high: at(1.0 - tail)? })
}

/// The interval that holds the middle share `level` of statistics with their counts.
fn percentile_of_weighted(mut drawn: Vec<(f64, usize)>, level: f64) -> Option<Interval> {
    drawn.sort_by(|a, b| a.0.total_cmp(&b.0));
    let count = drawn.iter().map(|(_, count)| count).sum();
    let tail = (1.0 - level) / 2.0;
    let ranked = |rank: usize| {
        let mut passed = 0;
        let at = drawn.iter().find(|(_, count)| {
            passed += count;
            passed > rank
        });
        at.map_or(f64::NAN, |(value, _)| *value)
    };
    let at = |at: f64| quantile_by(count, at, ranked);
    Some(Interval { low: at(tail)?, high: at(1.0 - tail)? })
}
