//! Verdict of a comparison.

use std::fmt;

/// Accepted probability of a false verdict, over all comparisons of a family.
pub const ALPHA: f64 = 0.05;

/// Largest excess of a variant's share of lost seeds with which it can still be better, as a share of its seeds.
pub const LOST_MARGIN: f64 = 0.1;

/// Result of the comparison of a variant with another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The variant is better: the corrected p-value is at most [`ALPHA`], and the variant did not lose a larger share of its
    /// seeds, by more than [`LOST_MARGIN`].
    Better,
    /// The other variant is better in that sense.
    Worse,
    /// The difference is within the margin: the corrected p-value of equivalence is at most [`ALPHA`], and the shares of lost
    /// seeds differ by at most [`LOST_MARGIN`]. This verdict precedes better and worse, because a difference within the
    /// margin does not matter.
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
    /// The difference, variant minus the other one.
    pub effect: f64,
    /// The two-sided p-value after correction; `None` if no test was possible.
    pub p_holm: Option<f64>,
    /// The p-value of the equivalence test after correction; `None` without a margin.
    pub p_equivalent: Option<f64>,
    /// Shares of lost seeds of the variant and of the other one.
    pub lost: (f64, f64),
}

impl Evidence {
    /// Returns whether the variant lost a share of seeds that forbids it to be better; likewise for the other one.
    #[must_use]
    pub fn forbids(&self) -> (bool, bool) {
        // 1/10 - 0/10 must not exceed 0.1 by rounding.
        let excess = self.lost.0 - self.lost.1;
        (excess > LOST_MARGIN + 1e-9, -excess > LOST_MARGIN + 1e-9)
    }
}

impl Verdict {
    /// The verdict from `evidence`.
    #[must_use]
    pub fn of(evidence: &Evidence) -> Self {
        let forbids = evidence.forbids();
        if forbids == (false, false) && evidence.p_equivalent.is_some_and(|p| p <= ALPHA) {
            return Self::Equivalent;
        }
        if evidence.effect == 0.0 || !evidence.p_holm.is_some_and(|p| p <= ALPHA) {
            return Self::Undecided;
        }
        match ((evidence.effect < 0.0) == evidence.lower_is_better, forbids) {
            (true, (false, _)) => Self::Better,
            (false, (_, false)) => Self::Worse,
            _ => Self::Undecided,
        }
    }
}
