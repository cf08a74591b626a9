//! Quantiles between order statistics.

/// The quantile at probability `at` of the ascending values `sorted`, with linear interpolation, the default of numpy and
/// scipy. `None` without values. `at` is clamped to `[0, 1]`.
#[must_use]
pub fn quantile(sorted: &[f64], at: f64) -> Option<f64> {
    quantile_by(sorted.len(), at, |rank| sorted[rank])
}

/// The quantile at probability `at` of `count` values; `ranked` returns the value of a rank, counted from 0.
pub(super) fn quantile_by(count: usize, at: f64, mut ranked: impl FnMut(usize) -> f64) -> Option<f64> {
    let last = count.checked_sub(1)?;
    let position = at.clamp(0.0, 1.0) * last as f64;
    let below = (position as usize).min(last);
    let (low, high) = (ranked(below), ranked((below + 1).min(last)));
    Some(low + (position - below as f64) * (high - low))
}
