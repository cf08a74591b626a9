//! Seeds that failed, collapsed or did not run in one of two runs.

use std::collections::BTreeSet;

use serde::Serialize;

use super::pair::Common;
use crate::gate::{Baseline, BaselineSeed, SeedState};

/// One seed of one variant that is not done in both runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SeedPair {
    /// Label of the variant in the other run.
    pub variant: String,
    /// The seed.
    pub seed: u64,
    /// Outcome in the first run; `None` if it does not have the seed.
    pub first: Option<SeedSide>,
    /// Outcome in the other run; `None` if it does not have the seed.
    pub other: Option<SeedSide>,
}

/// Outcome of a seed in one run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SeedSide {
    /// Outcome of the trial.
    pub state: SeedState,
    /// Reason of a failure.
    pub reason: Option<String>,
}

impl SeedSide {
    /// The outcome in words, with its reason.
    fn words(&self) -> String {
        match (self.state, &self.reason) {
            (SeedState::Done, _) => "done".to_owned(),
            (_, Some(reason)) => reason.clone(),
            (SeedState::Collapsed, None) => "collapsed".to_owned(),
            (SeedState::Failed, None) => "failed".to_owned(),
            (SeedState::NotRun, None) => "not run".to_owned(),
        }
    }

    fn of(seed: &BaselineSeed) -> Self {
        Self { state: seed.state, reason: seed.reason.clone() }
    }
}

impl SeedPair {
    /// Returns whether the seed has the same outcome in both runs.
    #[must_use]
    pub fn is_equal(&self) -> bool {
        let state = |side: &Option<SeedSide>| side.as_ref().map(|side| side.state);
        state(&self.first) == state(&self.other)
    }

    /// Both outcomes in words, such as `done -> diverged: loss was not finite`.
    #[must_use]
    pub fn words(&self) -> String {
        let words = |side: &Option<SeedSide>| side.as_ref().map_or_else(|| "no such seed".to_owned(), SeedSide::words);
        let (first, other) = (words(&self.first), words(&self.other));
        if first == other { format!("{first} in both") } else { format!("{first} -> {other}") }
    }
}

/// Seeds of the common variants that are not done in both runs. A seed of one run is listed if it is not done.
pub(super) fn seeds(runs: [&Baseline; 2], common: &[Common<'_>]) -> Vec<SeedPair> {
    let mut found = Vec::new();
    for one in common {
        let labels = [one.first, one.finding.variant.as_str()];
        let of_run = |at: usize| {
            let variant = runs[at].variants.iter().find(|known| known.trial.variant == labels[at]);
            variant.map(|variant| variant.seeds.as_slice()).unwrap_or_default()
        };
        let sides = [of_run(0), of_run(1)];
        let all: BTreeSet<u64> = sides.iter().flat_map(|seeds| seeds.iter().map(|one| one.seed)).collect();
        for seed in all {
            let [first, other] = sides.map(|seeds| seeds.iter().find(|one| one.seed == seed).map(SeedSide::of));
            if [&first, &other].into_iter().flatten().any(|side| side.state != SeedState::Done) {
                found.push(SeedPair { variant: one.finding.variant.clone(), seed, first, other });
            }
        }
    }
    found
}
