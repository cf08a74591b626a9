//! The seeds on the two sides of a comparison.

use std::collections::HashMap;

use crate::summary::{FigureSummary, VariantSummary};

/// What a seed has to show.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Seed {
    Value(f64),
    /// The trial is over and has no such figure: it failed, or measuring did.
    Lost,
    NotRun,
}

/// The seeds that meet.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Sides {
    /// Each seed of the variant; `None` is a lost one.
    pub(super) first: Vec<Option<f64>>,
    /// Each seed of what it is held against. If pairs meet, in the order of `first`.
    pub(super) second: Vec<Option<f64>>,
    /// Seeds of each that meet, run or not.
    pub(super) planned: (usize, usize),
    /// Seeds of the two that have not run.
    pub(super) not_run: usize,
    /// Seeds that have no partner, if pairs meet.
    pub(super) alone: usize,
}

impl Sides {
    /// All seeds of both.
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

    /// The seeds that both have.
    pub(super) fn paired(first: (&VariantSummary, &FigureSummary), second: (&VariantSummary, &FigureSummary)) -> Self {
        let (ours, theirs) = (seeds(first.0, first.1), seeds(second.0, second.1));
        let by_seed: HashMap<u64, Seed> = theirs.iter().copied().collect();
        let mut sides = Self::default();
        let mut partners = 0;
        for (number, seed) in &ours {
            let Some(other) = by_seed.get(number) else {
                sides.alone += 1;
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
        sides.alone += theirs.len() - partners;
        sides.planned = (partners, partners);
        sides
    }

    /// Lost seeds of the two.
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
