//! Outcome of a claim, in Kleene's three-valued logic.

use std::fmt;

/// Outcome of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimOutcome {
    /// The results reject the opposite of the claim.
    Supported,
    /// The results reject the claim.
    Refuted,
    /// The results reject neither.
    Undecided,
}

impl ClaimOutcome {
    /// Outcome of an exact comparison.
    pub(super) fn of(is_true: bool) -> Self {
        if is_true { Self::Supported } else { Self::Refuted }
    }

    /// Outcome of the opposite statement.
    pub(super) fn opposite(self) -> Self {
        match self {
            Self::Supported => Self::Refuted,
            Self::Refuted => Self::Supported,
            Self::Undecided => Self::Undecided,
        }
    }

    /// Outcome of `and`: refuted by one refuted part, supported if all parts are.
    pub(super) fn all(parts: &[Self]) -> Self {
        if parts.contains(&Self::Refuted) {
            Self::Refuted
        } else if parts.contains(&Self::Undecided) {
            Self::Undecided
        } else {
            Self::Supported
        }
    }

    /// Outcome of `or`.
    pub(super) fn any(parts: &[Self]) -> Self {
        let opposites: Vec<Self> = parts.iter().map(|part| part.opposite()).collect();
        Self::all(&opposites).opposite()
    }
}

impl fmt::Display for ClaimOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Supported => "supported",
            Self::Refuted => "refuted",
            Self::Undecided => "undecided",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::ClaimOutcome::{Refuted, Supported, Undecided};
    use super::*;

    /// The three outcomes are ordered refuted, undecided, supported: `and` is the smallest, `or` the largest.
    #[test]
    fn and_is_the_minimum_and_or_the_maximum() {
        let order = [Refuted, Undecided, Supported];
        for (i, a) in order.into_iter().enumerate() {
            for (j, b) in order.into_iter().enumerate() {
                assert_eq!(ClaimOutcome::all(&[a, b]), order[i.min(j)]);
                assert_eq!(ClaimOutcome::any(&[a, b]), order[i.max(j)]);
            }
            assert_eq!(a.opposite(), order[2 - i]);
        }
    }
}
