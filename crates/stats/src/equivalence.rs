//! Equivalence within a margin.
//!
//! Two one-sided permutation tests with the null hypotheses "the effect is at least the margin" and "the effect is at
//! most minus the margin", each after shifting one sample by the margin. Both must be rejected, so the p-value is the
//! larger one. Like every permutation test, it assumes that the two distributions differ by a shift only.

use crate::paired::paired;
use crate::unpaired::unpaired;

/// The p-value of the null hypothesis `|mean(a) - mean(b)| >= margin`. `None` if a sample is empty.
#[must_use]
pub fn equivalent_unpaired(a: &[f64], b: &[f64], margin: f64, seed: u64) -> Option<f64> {
    let shifted = |by: f64| a.iter().map(|value| value + by).collect::<Vec<_>>();
    let (below, above) = (unpaired(&shifted(-margin), b, seed)?, unpaired(&shifted(margin), b, seed)?);
    Some(below.less.max(above.greater))
}

/// The p-value of the null hypothesis `|mean(first - second)| >= margin`. `None` without pairs.
#[must_use]
pub fn equivalent_paired(pairs: &[(f64, f64)], margin: f64, seed: u64) -> Option<f64> {
    let shifted = |by: f64| pairs.iter().map(|(a, b)| (a + by, *b)).collect::<Vec<_>>();
    let (below, above) = (paired(&shifted(-margin), seed)?, paired(&shifted(margin), seed)?);
    Some(below.less.max(above.greater))
}
