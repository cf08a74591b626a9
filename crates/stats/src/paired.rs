//! Permutation test of pairs.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::tails::{Count, MAX_SPLITS, Tails};

/// Sign-flip test of the mean of the differences, first minus second. If the two values of a pair are exchangeable, both
/// signs of a difference are equally likely. Exact up to [`MAX_SPLITS`] sign patterns, else sampled with `seed`. `None`
/// without pairs.
#[must_use]
pub fn paired(pairs: &[(f64, f64)], seed: u64) -> Option<Tails> {
    if pairs.is_empty() {
        return None;
    }
    let differences: Vec<f64> = pairs.iter().map(|(a, b)| a - b).collect();
    // The rounding error depends on the size of the values, not on their small differences.
    let mut count = Count::new(differences.iter().sum(), pairs.iter().flat_map(|(a, b)| [a, b]));
    if patterns(differences.len()) <= MAX_SPLITS {
        every(&differences, 0.0, &mut count);
        return Some(count.exact());
    }
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    for _ in 1..MAX_SPLITS {
        let sum = differences.iter().map(|value| if random.next_u32() & 1 == 0 { *value } else { -value }).sum();
        count.add(sum);
    }
    Some(count.drawn())
}

/// The smallest two-sided p-value that this number of pairs can reach. `None` without pairs.
#[must_use]
pub fn reach_paired(pairs: usize) -> Option<f64> {
    let all = patterns(pairs).min(MAX_SPLITS);
    (pairs > 0).then(|| (2.0 / all as f64).min(1.0))
}

/// Number of sign patterns; saturates above [`MAX_SPLITS`].
fn patterns(pairs: usize) -> u64 {
    if pairs < 64 { 1 << pairs } else { u64::MAX }
}

fn every(differences: &[f64], sum: f64, count: &mut Count) {
    match differences {
        [first, rest @ ..] => {
            every(rest, sum + first, count);
            every(rest, sum - first, count);
        }
        [] => count.add(sum),
    }
}
