//! What a comparison comes to.

use std::fmt;

use crate::tails::Tails;

/// The chance of a false verdict that is accepted, over all comparisons of a family.
pub const ALPHA: f64 = 0.05;

/// What the seeds say of a variant against another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Its corrected p-value is at most [`ALPHA`], on the better side, and it lost no seed.
    Better,
    /// The other one is better in that sense.
    Worse,
    /// The two are closer than the margin, by a corrected p-value of at most [`ALPHA`]; neither
    /// lost a seed. Goes before better and worse: the margin says what does not matter.
    Equivalent,
    /// None of these.
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

/// All that a verdict rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    /// Smaller values are better; else larger ones.
    pub lower_is_better: bool,
    /// Where the variant stands against the other; `None` if nothing could be tested.
    pub tails: Option<Tails>,
    /// The two-sided p-value after correction.
    pub p_holm: f64,
    /// The p-value against equivalence, after correction; `None` without a margin.
    pub p_equivalent: Option<f64>,
    /// Lost seeds of the variant and of the other.
    pub lost: (usize, usize),
}

impl Verdict {
    /// The verdict on `evidence`.
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
