//! Findings of the gate: by variant, by figure.

use protocol::VariantPlace;
use serde::Serialize;

use super::counter::CounterFinding;
use super::judge::{GateVerdict, Judgement};
use super::margin::Margin;
use super::speed::SpeedJudgement;
use crate::summary::Figure;

/// Findings on one variant.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VariantFinding {
    /// Label of the variant in the run.
    pub variant: String,
    /// Label in the baseline, if it is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renamed_from: Option<String>,
    /// Location of the variant in the grid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<VariantPlace>,
    /// Relation to the baseline.
    pub state: VariantState,
    /// Seeds that ended without a result and were done in the baseline, with their reasons.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<String>,
    /// Seeds whose model collapsed and did not in the baseline.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub collapses: Vec<u64>,
    /// `true` if so many seeds collapsed that chance does not explain it.
    pub collapse_is_worse: bool,
    /// Seeds of the baseline that have not run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_run: Vec<u64>,
    /// Remarks, such as failures that the baseline has as well.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Figures in the order of the run.
    pub figures: Vec<FigureFinding>,
    /// Speed of training; `None` if neither side has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speed: Option<SpeedJudgement>,
    /// Counts that the baseline has as well.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub counters: Vec<CounterFinding>,
}

/// Relation of a variant to the baseline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum VariantState {
    /// The same inputs: its figures are judged.
    Compared,
    /// Other inputs under the same label. Its figures are not judged.
    Changed(Vec<String>),
    /// The baseline does not have it.
    New,
}

/// Finding on one figure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FigureFinding {
    /// Identity of the figure.
    pub figure: Figure,
    /// Label of the figure: its name, with what distinguishes it from others of the same name.
    pub label: String,
    /// `true` if the figure decides the exit code; `false` if it informs.
    pub gates: bool,
    /// Mean of the baseline.
    pub baseline: Option<f64>,
    /// Mean of the run.
    pub run: Option<f64>,
    /// Largest loss that does not matter.
    pub margin: Option<Margin>,
    /// Result.
    pub result: FigureResult,
}

/// Result for one figure.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FigureResult {
    /// The figure was judged.
    Judged(Judgement),
    /// The measure changed, so that the figure is not judged.
    Changed(Vec<String>),
    /// The run lacks the figure for these seeds, although it took the same measures.
    Missing(Vec<u64>),
    /// No seed of the baseline's is done in the run.
    NotRun,
    /// The baseline lacks the figure.
    New,
}

impl FigureFinding {
    /// The verdict; `None` if the figure was not judged.
    #[must_use]
    pub fn verdict(&self) -> Option<GateVerdict> {
        match &self.result {
            FigureResult::Judged(judgement) => Some(judgement.verdict),
            FigureResult::Changed(_) | FigureResult::Missing(_) | FigureResult::NotRun | FigureResult::New => None,
        }
    }

    /// The word for tables.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match &self.result {
            FigureResult::Judged(judgement) => judgement.verdict.word(),
            FigureResult::Changed(_) => "changed",
            FigureResult::Missing(_) => "MISSING",
            FigureResult::NotRun => "undecided",
            FigureResult::New => "new",
        }
    }
}
