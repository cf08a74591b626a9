//! Counts, such as allocations per training step, against a baseline.
//!
//! Two runs of one program on one machine count the same, up to a known margin, so every larger difference is one of the
//! program: there is no interval. Counts of another machine are not compared, because other vector instructions need other buffers.

use std::collections::BTreeMap;

use protocol::timing::Counter;
use protocol::{TakenBy, Unit};
use serde::Serialize;

use super::baseline::{BaselineFigure, BaselineVariant};
use super::judge::GateVerdict;
use crate::summary::Figure;

/// Reason of a run whose counts are missing.
const NOT_COUNTED: &str = "the run was not counted: run it without --no-timing";

/// Finding on one count.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CounterFinding {
    /// Name of the figure, such as `train_allocations`.
    pub figure: String,
    /// Its unit.
    pub unit: Unit,
    /// Count of the baseline; `None` if the baseline has none on this machine.
    pub baseline: Option<f64>,
    /// Count of the run; `None` if the run has none.
    pub run: Option<f64>,
    /// Largest difference that does not matter.
    pub margin: f64,
    /// The verdict.
    pub verdict: GateVerdict,
    /// Reason of an undecided verdict.
    pub reason: Option<&'static str>,
}

impl CounterFinding {
    /// Returns whether the finding decides the exit code. Counts of another machine or seed do not.
    #[must_use]
    pub fn gates(&self) -> bool {
        self.verdict != GateVerdict::Undecided || self.is_missing()
    }

    /// Returns whether the run lacks a count that the baseline has and the grid asks for.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.reason == Some(NOT_COUNTED)
    }
}

/// Returns whether a figure is a count that this module judges.
pub(super) fn is_counter(figure: &Figure) -> bool {
    figure.volatile && figure.machine.is_some() && Counter::of_exact_figure(&figure.name).is_some()
}

/// Compares the counts of both sides, in the order of the run. `margins` are those of the grid, by name of the figure. Counts that
/// only the run has are new, and nothing to judge.
pub(super) fn counters(
    known: &BaselineVariant,
    variant: &BaselineVariant,
    margins: &BTreeMap<String, f64>,
) -> Vec<CounterFinding> {
    let before: Vec<&BaselineFigure> = known.figures.iter().filter(|one| is_counter(&one.figure)).collect();
    let after: Vec<&BaselineFigure> = variant.figures.iter().filter(|one| is_counter(&one.figure)).collect();
    let finding = |one: &BaselineFigure, baseline: Option<f64>, run: Option<f64>| CounterFinding {
        figure: one.figure.name.clone(),
        unit: one.figure.unit,
        baseline,
        run,
        margin: margin(&one.figure.name, baseline, margins),
        verdict: GateVerdict::Undecided,
        reason: None,
    };
    let compared = |after: &&BaselineFigure| {
        let of_name = || before.iter().filter(|one| one.figure.name == after.figure.name);
        of_name().next()?;
        let Some(same) = of_name().find(|one| one.figure == after.figure) else {
            let is_here = of_name().any(|one| one.figure.machine == after.figure.machine);
            let elsewhere = "the baseline was counted on another machine";
            let reason = Some(if is_here { "the measure has changed" } else { elsewhere });
            return Some(CounterFinding { reason, ..finding(after, None, after.mean()) });
        };
        let seeds = after.values.iter().find_map(|ours| Some((same.of_seed(ours.seed)?, ours.value)));
        let Some((baseline, run)) = seeds else {
            let reason = Some("the baseline was counted with another seed");
            return Some(CounterFinding { reason, ..finding(after, same.mean(), after.mean()) });
        };
        let found = finding(after, Some(baseline), Some(run));
        Some(CounterFinding { verdict: GateVerdict::of_counts(baseline, run, found.margin), ..found })
    };
    let is_asked = variant.trial.measure.iter().any(|spec| spec.taken_by() == TakenBy::CountingPass);
    let is_lost = |one: &&&BaselineFigure| is_asked && !after.iter().any(|after| after.figure.name == one.figure.name);
    let lost = before
        .iter()
        .filter(is_lost)
        .map(|one| CounterFinding { reason: Some(NOT_COUNTED), ..finding(one, one.mean(), None) });
    after.iter().filter_map(compared).chain(lost).collect()
}

/// The margin of the grid, else that of the counter.
fn margin(figure: &str, baseline: Option<f64>, margins: &BTreeMap<String, f64>) -> f64 {
    let of_counter = || Counter::of_exact_figure(figure).and_then(Counter::margin).unwrap_or_default();
    margins.get(figure).copied().unwrap_or_else(|| of_counter() * baseline.unwrap_or_default())
}
