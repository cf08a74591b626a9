//! Facts of one run.

use serde::Serialize;

use super::NamedResults;
use crate::gate::Baseline;
use crate::report::counts;

/// Name, origin and state of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RunFacts {
    /// Name in the comparison: A, B, C and so on.
    pub letter: String,
    /// Name as the user wrote it.
    pub name: String,
    /// Name of the grid.
    pub grid: String,
    /// Commit of the build, or version of genbench.
    pub build: String,
    /// Processors and adapters.
    pub machine: String,
    /// Numbers of trials by state, in words.
    pub trials: String,
}

impl RunFacts {
    pub(super) fn of(at: usize, run: &NamedResults, baseline: &Baseline) -> Self {
        let results = &run.results;
        Self {
            letter: letter(at),
            name: run.name.clone(),
            grid: results.plan().grid.clone(),
            build: baseline.made_by(),
            machine: baseline.machine.to_string(),
            trials: counts(results.summary()),
        }
    }
}

/// Name of the run with this index: A to Z, then R27 and so on.
fn letter(at: usize) -> String {
    let known = u8::try_from(at).ok().filter(|at| *at < 26);
    known.map_or_else(|| format!("R{}", at + 1), |at| char::from(b'A' + at).to_string())
}
