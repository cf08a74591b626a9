//! Correction for many comparisons.

/// Holm's step-down correction (1979). It controls the probability of any false rejection in the family under every
/// dependence of the p-values. Each corrected value is at least its p-value and at most 1.
#[must_use]
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut corrected = vec![1.0; p_values.len()];
    let mut at_least = 0.0_f64;
    for (rank, &index) in order.iter().enumerate() {
        at_least = at_least.max(p_values[index] * (p_values.len() - rank) as f64).min(1.0);
        corrected[index] = at_least;
    }
    corrected
}
