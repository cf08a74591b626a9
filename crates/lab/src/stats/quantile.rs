//! Quantiles between order statistics.

/// The `at` quantile of `sorted` (ascending), linear between the two nearest values: numpy's and
/// scipy's default. `None` if there are none. `at` is clamped to `[0, 1]`.
#[must_use]
pub fn quantile(sorted: &[f64], at: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let position = at.clamp(0.0, 1.0) * last as f64;
    let below = (position as usize).min(last);
    let (low, high) = (sorted[below], sorted[(below + 1).min(last)]);
    Some(low + (position - below as f64) * (high - low))
}
