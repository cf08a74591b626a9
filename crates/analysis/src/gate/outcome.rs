//! Outcome of the gate and its exit code.

use protocol::exit;
use serde::Serialize;

use super::counter::CounterFinding;
use super::finding::{FigureFinding, FigureResult, VariantFinding, VariantState};
use super::judge::GateVerdict;
use super::machine_class::MachineClass;

/// Outcome of the gate.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Gate {
    /// Name of the grid.
    pub grid: String,
    /// Arguments of commands in advice: the grid, and its folder of results if it is not the default.
    pub arguments: String,
    /// Build and machine of the baseline.
    pub baseline: (String, MachineClass),
    /// Build and machine of the run.
    pub run: (String, MachineClass),
    /// Coverage of each interval: 99% over all figures that gate.
    pub level: f64,
    /// Findings in the order of the run.
    pub variants: Vec<VariantFinding>,
    /// Variants of the baseline that the run does not have.
    pub removed: Vec<String>,
}

/// Result of the gate, from the most to the least severe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GateResult {
    /// Something is worse.
    Worse,
    /// The baseline is of other inputs, so that something was not judged.
    Stale,
    /// Nothing is worse, but not everything that gates is decided.
    Undecided,
    /// Everything that gates is identical, equivalent or better.
    NoRegression,
}

impl GateResult {
    /// The words for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Worse => "worse",
            Self::Stale => "stale baseline",
            Self::Undecided => "undecided",
            Self::NoRegression => "no regression",
        }
    }

    /// Exit code. With `fail_undecided`, undecided counts as worse.
    #[must_use]
    pub fn exit_code(self, fail_undecided: bool) -> u8 {
        match self {
            Self::Worse => exit::REGRESSION,
            Self::Undecided if fail_undecided => exit::REGRESSION,
            Self::Stale => exit::STALE_BASELINE,
            Self::Undecided => exit::INCONCLUSIVE,
            Self::NoRegression => exit::DONE,
        }
    }
}

impl VariantFinding {
    /// Result of this variant alone. A speed from one timing never leaves the gate undecided; a count does only if the run lacks it.
    #[must_use]
    pub fn result(&self) -> GateResult {
        let gating = || self.figures.iter().filter(|figure| figure.gates);
        let slower = self.speed.as_ref().is_some_and(|speed| speed.verdict == GateVerdict::Worse);
        let counts_more = self.counters.iter().any(|counter| counter.verdict == GateVerdict::Worse);
        let worse = |one: &FigureFinding| {
            one.verdict() == Some(GateVerdict::Worse) || matches!(one.result, FigureResult::Missing(_))
        };
        let open =
            |one: &FigureFinding| one.verdict() == Some(GateVerdict::Undecided) || one.result == FigureResult::NotRun;
        match &self.state {
            VariantState::Changed(_) => GateResult::Stale,
            VariantState::New => GateResult::NoRegression,
            VariantState::Compared => {
                if !self.failures.is_empty() || self.collapse_is_worse || slower || counts_more || gating().any(worse) {
                    GateResult::Worse
                } else if gating().any(|one| matches!(one.result, FigureResult::Changed(_))) {
                    GateResult::Stale
                } else if gating().any(open)
                    || !self.not_run.is_empty()
                    || !self.collapses.is_empty()
                    || self.counters.iter().any(CounterFinding::is_missing)
                {
                    GateResult::Undecided
                } else {
                    GateResult::NoRegression
                }
            }
        }
    }
}

impl Gate {
    /// Result of the run.
    #[must_use]
    pub fn result(&self) -> GateResult {
        let worst = self.variants.iter().map(VariantFinding::result).min();
        let is_compared = |one: &VariantFinding| one.state == VariantState::Compared;
        let nothing_compared = !self.variants.iter().any(is_compared);
        let of_removed = (!self.removed.is_empty()).then_some(GateResult::Stale);
        let of_nothing = nothing_compared.then_some(GateResult::Undecided);
        worst.into_iter().chain(of_removed).chain(of_nothing).min().unwrap_or(GateResult::Undecided)
    }

    /// Number of counters that gate with this verdict.
    #[must_use]
    pub fn count_counters(&self, verdict: GateVerdict) -> usize {
        let counters = self.variants.iter().flat_map(|variant| &variant.counters);
        counters.filter(|one| one.gates() && one.verdict == verdict).count()
    }

    /// Number of figures that gate with this verdict.
    #[must_use]
    pub fn count(&self, verdict: GateVerdict) -> usize {
        let figures = self.variants.iter().flat_map(|variant| &variant.figures);
        figures.filter(|one| one.gates && one.verdict() == Some(verdict)).count()
    }
}
