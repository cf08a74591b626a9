//! The interquartile mean.

/// The mean of the middle half of `values`: a quarter of the values, rounded down, is removed at each end. With fewer
/// than four values it is the mean. `None` without values.
///
/// Values of several strata are pooled, as by `aggregate_iqm` of rliable (Agarwal et al. 2021,
/// Deep Reinforcement Learning at the Edge of the Statistical Precipice).
#[must_use]
pub fn iqm(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let cut = sorted.len() / 4;
    let middle = &sorted[cut..sorted.len() - cut];
    let (first, last) = (*middle.first()?, *middle.last()?);
    // Rounding must not move the mean out of the range of its values.
    Some((middle.iter().sum::<f64>() / middle.len() as f64).clamp(first, last))
}
