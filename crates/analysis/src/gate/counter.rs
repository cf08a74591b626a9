//! Exact counts, such as allocations per training step, against a baseline.
//!
//! Two runs of one program on one machine count the same, so every difference is one of the program: there is no interval and
//! no margin. Counts of another machine are not compared, because other vector instructions need other buffers.

use protocol::Unit;
use protocol::timing::Counter;
use serde::Serialize;

use super::baseline::{BaselineFigure, BaselineVariant};
use super::judge::GateVerdict;
use crate::summary::Figure;

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
    /// The verdict.
    pub verdict: GateVerdict,
    /// Reason of an undecided verdict.
    pub reason: Option<&'static str>,
}

/// Returns whether a figure is a count that this module judges.
pub(super) fn is_counter(figure: &Figure) -> bool {
    figure.volatile && figure.machine.is_some() && Counter::is_exact_figure(&figure.name)
}

/// Compares the counts of both sides, in the order of the run. Counts of a machine on which the run was not counted are left
/// out.
pub(super) fn counters(known: &BaselineVariant, variant: &BaselineVariant) -> Vec<CounterFinding> {
    let before: Vec<&BaselineFigure> = known.figures.iter().filter(|one| is_counter(&one.figure)).collect();
    let after: Vec<&BaselineFigure> = variant.figures.iter().filter(|one| is_counter(&one.figure)).collect();
    let finding = |after: &&BaselineFigure| {
        let of_name = || before.iter().filter(|one| one.figure.name == after.figure.name);
        // A count that the baseline lacks is new, and nothing to judge.
        of_name().next()?;
        let same = of_name().find(|one| one.figure == after.figure);
        let is_here = of_name().any(|one| one.figure.machine == after.figure.machine);
        let (verdict, reason) = match same {
            Some(before) => verdict(before, after),
            None if is_here => (GateVerdict::Undecided, Some("the measure has changed")),
            None => (GateVerdict::Undecided, Some("the baseline was counted on another machine")),
        };
        let baseline = same.and_then(|before| before.mean());
        let (figure, unit) = (after.figure.name.clone(), after.figure.unit);
        Some(CounterFinding { figure, unit, baseline, run: after.mean(), verdict, reason })
    };
    after.iter().filter_map(finding).collect()
}

fn verdict(before: &BaselineFigure, after: &BaselineFigure) -> (GateVerdict, Option<&'static str>) {
    let pair = after.values.iter().find_map(|ours| Some((before.of_seed(ours.seed)?, ours.value)));
    match pair {
        None => (GateVerdict::Undecided, Some("the baseline was counted with another seed")),
        Some((before, after)) if after > before => (GateVerdict::Worse, None),
        Some((before, after)) if after < before => (GateVerdict::Better, None),
        Some(_) => (GateVerdict::Identical, None),
    }
}
