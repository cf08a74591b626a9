//! Verdict of a comparison.

use std::fmt;

use crate::tails::Tails;

/// Accepted probability of a false verdict, over all comparisons of a family.
pub const ALPHA: f64 = 0.05;

/// Result of the comparison of a variant with another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The variant is better: the corrected p-value is at most [`ALPHA`], and the variant has no lost seed.
    Better,
    /// The other variant is better in that sense.
    Worse,
    /// The difference is within the margin: the corrected p-value of equivalence is at most [`ALPHA`], and neither variant
    /// has a lost seed. This verdict precedes better and worse, because a difference within the margin does not matter.
    Equivalent,
    /// None of the other verdicts holds.
    Undecided,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Better => "better",
            Self::Worse => "worse",
            Self::Equivalent => "equivalent",
            Self::Undecided => "undecided",
        })
    }
}

/// Evidence for a verdict.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    /// `true` if smaller values are better.
    pub lower_is_better: bool,
    /// Tail probabilities of the difference, variant minus the other one; `None` if no test was possible.
    pub tails: Option<Tails>,
    /// The two-sided p-value after correction.
    pub p_holm: f64,
    /// The p-value of the equivalence test after correction; `None` without a margin.
    pub p_equivalent: Option<f64>,
    /// Number of lost seeds of the variant and of the other one.
    pub lost: (usize, usize),
}

impl Verdict {
    /// The verdict from `evidence`.
    #[must_use]
    pub fn of(evidence: &Evidence) -> Self {
        let none_lost = evidence.lost == (0, 0);
        if none_lost && evidence.p_equivalent.is_some_and(|p| p <= ALPHA) {
            return Self::Equivalent;
        }
        let Some(tails) = evidence.tails.filter(|_| evidence.p_holm <= ALPHA) else { return Self::Undecided };
        let better = (tails.less < tails.greater) == evidence.lower_is_better;
        match (better, evidence.lost) {
            (true, (0, _)) => Self::Better,
            (false, (_, 0)) => Self::Worse,
            _ => Self::Undecided,
        }
    }
}
