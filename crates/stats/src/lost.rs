//! Ranks for samples with lost seeds.
//!
//! A lost seed has ended without a value and counts as worse than every seed with a value. If a sample has a lost seed,
//! ranks replace the values, and all lost seeds share the worst rank. Thus a variant cannot gain by losing its bad
//! seeds. Ranks increase with the values: if lower is better, lost seeds have the highest rank.

/// Ranks of two samples in the pooled sample, counted from 1. Ties share their mean rank. `None` is a lost seed.
#[must_use]
pub fn ranked(a: &[Option<f64>], b: &[Option<f64>], lower_is_better: bool) -> (Vec<f64>, Vec<f64>) {
    let worst = if lower_is_better { f64::INFINITY } else { f64::NEG_INFINITY };
    let pooled: Vec<f64> = a.iter().chain(b).map(|value| value.unwrap_or(worst)).collect();
    let mut ranks = mid_ranks(&pooled);
    let second = ranks.split_off(a.len());
    (ranks, second)
}

/// Returns the pairs unchanged if no seed is lost, else the signed ranks of their differences, each paired with 0. A pair
/// with one lost seed differs more than any complete pair; a pair with two lost seeds has difference 0.
#[must_use]
pub fn ranked_pairs(pairs: &[(Option<f64>, Option<f64>)], lower_is_better: bool) -> Vec<(f64, f64)> {
    if let Some(complete) = pairs.iter().map(|(a, b)| Some(((*a)?, (*b)?))).collect() {
        return complete;
    }
    let worst = if lower_is_better { f64::INFINITY } else { f64::NEG_INFINITY };
    let difference = |(a, b): &(Option<f64>, Option<f64>)| match (a, b) {
        (Some(a), Some(b)) => a - b,
        (None, Some(_)) => worst,
        (Some(_), None) => -worst,
        (None, None) => 0.0,
    };
    let all: Vec<f64> = pairs.iter().map(difference).collect();
    let sizes: Vec<f64> = all.iter().map(|difference| difference.abs()).collect();
    let signed = |(difference, rank): (&f64, f64)| match *difference {
        0.0 => (0.0, 0.0),
        difference => (difference.signum() * rank, 0.0),
    };
    all.iter().zip(mid_ranks(&sizes)).map(signed).collect()
}

/// Ranks, counted from 1. Equal values share their mean rank.
fn mid_ranks(values: &[f64]) -> Vec<f64> {
    let rank = |value: &f64| {
        let below = values.iter().filter(|other| *other < value).count();
        let equal = values.iter().filter(|other| *other == value).count();
        below as f64 + (equal + 1) as f64 / 2.0
    };
    values.iter().map(rank).collect()
}
