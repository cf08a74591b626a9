//! Equivalence within a margin.
//!
//! Two one-sided permutation tests: one of "the effect is at least the margin", one of "the effect
//! is at most minus the margin", each after moving one side by the margin. Both must be rejected,
//! so the p-value is the larger one. Like every test by permutation it takes both sides to be
//! alike but for a shift.

use crate::paired::paired;
use crate::unpaired::unpaired;

/// The p-value of `|mean(a) - mean(b)| >= margin`. `None` if a side is empty.
#[must_use]
pub fn equivalent_unpaired(a: &[f64], b: &[f64], margin: f64, seed: u64) -> Option<f64> {
    let moved = |by: f64| a.iter().map(|value| value + by).collect::<Vec<_>>();
    let (below, above) = (unpaired(&moved(-margin), b, seed)?, unpaired(&moved(margin), b, seed)?);
    Some(below.less.max(above.greater))
}

/// The p-value of `|mean(first - second)| >= margin`. `None` without pairs.
#[must_use]
pub fn equivalent_paired(pairs: &[(f64, f64)], margin: f64, seed: u64) -> Option<f64> {
    let moved = |by: f64| pairs.iter().map(|(a, b)| (a + by, *b)).collect::<Vec<_>>();
    let (below, above) = (paired(&moved(-margin), seed)?, paired(&moved(margin), seed)?);
    Some(below.less.max(above.greater))
}
