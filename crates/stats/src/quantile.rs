//! Quantiles between order statistics.

/// The `at` quantile of `sorted` (ascending), linear between the two nearest values: numpy's and
/// scipy's default. `None` if there are none. `at` is clamped to `[0, 1]`.
#[must_use]
pub fn quantile(sorted: &[f64], at: f64) -> Option<f64> {
    quantile_by(sorted.len(), at, |rank| sorted[rank])
}

/// The same of `count` values of which `ranked` tells one by its rank, from 0.
pub(super) fn quantile_by(count: usize, at: f64, mut ranked: impl FnMut(usize) -> f64) -> Option<f64> {
    let last = count.checked_sub(1)?;
    let position = at.clamp(0.0, 1.0) * last as f64;
    let below = (position as usize).min(last);
    let (low, high) = (ranked(below), ranked((below + 1).min(last)));
    Some(low + (position - below as f64) * (high - low))
}
