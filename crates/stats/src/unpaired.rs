//! Permutation test of two samples.

use rand::distr::{Distribution, Uniform};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use crate::tails::{Count, MAX_SPLITS, Tails};

/// Permutation test of `mean(a) - mean(b)`. If the two distributions are equal, all splits of the pooled values into
/// samples of these sizes are equally likely. Exact up to [`MAX_SPLITS`] splits, else sampled with `seed`. `None` if a
/// sample is empty.
#[must_use]
pub fn unpaired(a: &[f64], b: &[f64], seed: u64) -> Option<Tails> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let pooled: Vec<f64> = a.iter().chain(b).copied().collect();
    // The total is constant, so the difference of means increases with the sum of the first sample.
    let mut count = Count::new(a.iter().sum(), pooled.iter());
    if splits(a.len(), b.len()) <= MAX_SPLITS {
        every(&pooled, a.len(), 0.0, &mut count);
        return Some(count.exact());
    }
    let (mut random, mut pooled) = (ChaCha8Rng::seed_from_u64(seed), pooled);
    for _ in 1..MAX_SPLITS {
        let mut sum = 0.0;
        for at in 0..a.len() {
            let range = Uniform::new(at as u64, pooled.len() as u64).ok()?;
            pooled.swap(at, range.sample(&mut random) as usize);
            sum += pooled[at];
        }
        count.add(sum);
    }
    Some(count.drawn())
}

/// The smallest two-sided p-value that samples of these sizes can reach. `None` if a sample is empty.
#[must_use]
pub fn reach_unpaired(a: usize, b: usize) -> Option<f64> {
    if a == 0 || b == 0 {
        return None;
    }
    let all = splits(a, b);
    Some(if all <= MAX_SPLITS { (2.0 / all as f64).min(1.0) } else { 2.0 / MAX_SPLITS as f64 })
}

/// Number of choices of the first sample; saturates above [`MAX_SPLITS`].
fn splits(a: usize, b: usize) -> u64 {
    let mut ways = 1_u128;
    for k in 1..=a.min(b) {
        ways = ways * (a.max(b) + k) as u128 / k as u128;
        if ways > u128::from(MAX_SPLITS) {
            return u64::MAX;
        }
    }
    ways as u64
}

/// Counts `sum` plus the sum of every choice of `left` of `values`. Each sum is built from the front, so that rounding
/// errors do not accumulate from one choice to the next.
fn every(values: &[f64], left: usize, sum: f64, count: &mut Count) {
    match values {
        _ if left == 0 => count.add(sum),
        [first, rest @ ..] => {
            every(rest, left - 1, sum + first, count);
            if rest.len() >= left {
                every(rest, left, sum, count);
            }
        }
        [] => {}
    }
}
