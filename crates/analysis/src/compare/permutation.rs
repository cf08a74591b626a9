//! Permutation test over seeds: a column of the table, on which no verdict depends.

use stats::{Tails, paired, reach_paired, reach_unpaired, unpaired};

use super::sides::Sides;

/// Seed of the random permutations, so that equal figures give equal tables.
const SEED: u64 = 0;

/// Values of a permutation test.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Permutation {
    /// Without values.
    #[default]
    None,
    /// Values of the two sides.
    Unpaired(Vec<f64>, Vec<f64>),
    /// Pairs of values.
    Paired(Vec<(f64, f64)>),
}

impl Permutation {
    /// The values of both sides; none before all seeds have run.
    pub(super) fn of(sides: &Sides, is_paired: bool) -> Self {
        let values = |side: &[Option<f64>]| side.iter().copied().flatten().collect();
        match (sides.not_run, is_paired) {
            (0, true) => Self::Paired(sides.pairs()),
            (0, false) => Self::Unpaired(values(&sides.first), values(&sides.second)),
            _ => Self::None,
        }
    }

    /// Both tails of the test.
    pub(super) fn tails(&self) -> Option<Tails> {
        match self {
            Self::None => None,
            Self::Unpaired(a, b) => unpaired(a, b, SEED),
            Self::Paired(pairs) => paired(pairs, SEED),
        }
    }

    /// The smallest p-value that these numbers of seeds can reach.
    pub(super) fn reach(&self) -> Option<f64> {
        match self {
            Self::None => None,
            Self::Unpaired(a, b) => reach_unpaired(a.len(), b.len()),
            Self::Paired(pairs) => reach_paired(pairs.len()),
        }
    }
}
