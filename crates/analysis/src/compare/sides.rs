//! Seeds on the two sides of a comparison.

use std::collections::HashMap;

use crate::summary::{FigureSummary, VariantSummary};

/// State of a seed for one figure.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Seed {
    Value(f64),
    /// The trial ended without the figure, or its model collapsed.
    Lost,
    NotRun,
}

/// Compared seeds of both sides.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Sides {
    /// Values of the variant's seeds; `None` for a lost seed.
    pub(super) first: Vec<Option<f64>>,
    /// Values of the baseline's seeds; in a paired comparison, in the order of `first`.
    pub(super) second: Vec<Option<f64>>,
    /// Numbers of compared seeds of each side, whether they have run or not.
    pub(super) planned: (usize, usize),
    /// Number of seeds of both sides that have not run.
    pub(super) not_run: usize,
    /// Number of seeds without a partner in a paired comparison.
    pub(super) without_partner: usize,
}

impl Sides {
    /// All seeds of both sides.
    pub(super) fn unpaired(
        first: (&VariantSummary, &FigureSummary),
        second: (&VariantSummary, &FigureSummary),
    ) -> Self {
        let planned = (first.0.trials.len(), second.0.trials.len());
        let mut sides = Self { planned, ..Self::default() };
        for (list, (variant, summed)) in [(&mut sides.first, first), (&mut sides.second, second)] {
            for (_, seed) in seeds(variant, summed) {
                match seed {
                    Seed::Value(value) => list.push(Some(value)),
                    Seed::Lost => list.push(None),
                    Seed::NotRun => sides.not_run += 1,
                }
            }
        }
        sides
    }

    /// Seeds that both sides have.
    pub(super) fn paired(first: (&VariantSummary, &FigureSummary), second: (&VariantSummary, &FigureSummary)) -> Self {
        let (ours, theirs) = (seeds(first.0, first.1), seeds(second.0, second.1));
        let by_seed: HashMap<u64, Seed> = theirs.iter().copied().collect();
        let mut sides = Self::default();
        let mut partners = 0;
        for (number, seed) in &ours {
            let Some(other) = by_seed.get(number) else {
                sides.without_partner += 1;
                continue;
            };
            partners += 1;
            sides.not_run += [seed, other].into_iter().filter(|seed| **seed == Seed::NotRun).count();
            let value = |seed: &Seed| if let Seed::Value(value) = seed { Some(*value) } else { None };
            if ![seed, other].contains(&&Seed::NotRun) {
                sides.first.push(value(seed));
                sides.second.push(value(other));
            }
        }
        sides.without_partner += theirs.len() - partners;
        sides.planned = (partners, partners);
        sides
    }

    /// Numbers of seeds with a value of both sides.
    pub(super) fn values(&self) -> (usize, usize) {
        let (lost, all) = (self.lost(), (self.first.len(), self.second.len()));
        (all.0 - lost.0, all.1 - lost.1)
    }

    /// Differences of the pairs in which both sides have a value.
    pub(super) fn differences(&self) -> Vec<f64> {
        self.pairs().into_iter().map(|(a, b)| a - b).collect()
    }

    /// Pairs in which both sides have a value.
    pub(super) fn pairs(&self) -> Vec<(f64, f64)> {
        self.first.iter().zip(&self.second).filter_map(|(a, b)| Some(((*a)?, (*b)?))).collect()
    }

    /// Numbers of lost seeds of both sides.
    pub(super) fn lost(&self) -> (usize, usize) {
        let lost = |side: &[Option<f64>]| side.iter().filter(|value| value.is_none()).count();
        (lost(&self.first), lost(&self.second))
    }
}

fn seeds(variant: &VariantSummary, summed: &FigureSummary) -> Vec<(u64, Seed)> {
    let values: HashMap<_, _> = summed.trials.iter().zip(&summed.values).collect();
    let seed = |trial: &crate::summary::TrialState| match values.get(&trial.id) {
        Some(value) => Seed::Value(**value),
        None if trial.not_run() => Seed::NotRun,
        None => Seed::Lost,
    };
    variant.trials.iter().map(|trial| (trial.seed, seed(trial))).collect()
}
