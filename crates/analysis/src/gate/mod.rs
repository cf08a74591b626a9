//! Regression gate: is a run worse than a baseline, by more than a margin?
//!
//! Trials are paired by their inputs and seeds. Equal bits prove that nothing changed. Otherwise the interval of the loss,
//! over seeds and test images, is compared with the margin. `docs/gate.md` states the rules.

mod baseline;
mod check;
mod collect;
mod counter;
mod files;
mod finding;
mod formats;
mod image_terms;
mod judge;
mod machine_class;
mod margin;
mod outcome;
mod power;
mod primary;
mod row;
mod seeds;
mod speed;
#[cfg(test)]
pub(crate) mod tests;
mod variant_match;
mod visible;

pub use baseline::{BASELINE_SCHEMA, Baseline, BaselineFigure, BaselineSeed, BaselineVariant, SeedState, SeedValue};
pub use check::{GateSettings, RUN_ALPHA, check};
pub use counter::CounterFinding;
pub use files::{BaselineFile, BaselineFiles, MAIN, is_baseline_name, read_baseline, stale_inputs};
pub use finding::{FigureFinding, FigureResult, VariantFinding, VariantState};
pub use formats::GateFormat;
pub use judge::{GateVerdict, Judgement, Pairing};
pub use machine_class::MachineClass;
pub use margin::{Margin, MarginSource};
pub use outcome::{Gate, GateResult};
pub use power::Needed;
pub(crate) use row::digits;
pub use speed::SpeedJudgement;
pub(crate) use variant_match::{input_changes, measure_changes};
pub use visible::{VisibleLoss, visible_losses};
