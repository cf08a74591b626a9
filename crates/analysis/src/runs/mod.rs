//! Differences between the results of several runs: inputs, figures, failed seeds, costs.
//!
//! The first run is compared with each other one by the rules of the [gate](crate::gate), except that variants with changed
//! settings are judged as well. Nothing here decides an exit code.

mod costs;
mod facts;
mod figures;
mod formats;
mod identity;
mod inputs;
mod pair;
mod seeds;
#[cfg(test)]
pub(crate) mod tests;

use serde::Serialize;

pub use costs::CostPair;
pub use facts::RunFacts;
pub use figures::{FigurePair, FigureSide, PairVerdict};
pub use inputs::InputChange;
pub use pair::{RenamedVariant, RunPair};
pub use seeds::{SeedPair, SeedSide};

use crate::gate::Baseline;
use crate::results::Results;

/// Results with the name by which the user knows them.
#[derive(Debug)]
pub struct NamedResults {
    /// Name of the grid, or path of a pack or folder.
    pub name: String,
    /// The results.
    pub results: Results,
}

/// Comparison of the first of several runs with each other one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunsComparison {
    /// The runs, named A, B, C and so on.
    pub runs: Vec<RunFacts>,
    /// One comparison per run after the first.
    pub pairs: Vec<RunPair>,
}

impl RunsComparison {
    /// Compares the first run with each other one.
    #[must_use]
    pub fn of(runs: &[NamedResults]) -> Self {
        let baselines: Vec<Baseline> = runs.iter().map(|run| Baseline::of(&run.results)).collect();
        let facts: Vec<RunFacts> = runs
            .iter()
            .zip(&baselines)
            .enumerate()
            .map(|(at, (run, baseline))| RunFacts::of(at, run, baseline))
            .collect();
        let pairs = (1..runs.len()).map(|at| {
            let letters = [facts[0].letter.clone(), facts[at].letter.clone()];
            RunPair::of(letters, [&runs[0].results, &runs[at].results], [&baselines[0], &baselines[at]])
        });
        Self { pairs: pairs.collect(), runs: facts }
    }
}
