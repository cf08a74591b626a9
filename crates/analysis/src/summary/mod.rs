//! The seeds of each variant, summarised: figures, their spread, the state of each trial.

mod collected_figures;
mod figure;
mod share;
mod spread;
mod trial_state;
mod variants;

pub use figure::Figure;
pub(crate) use figure::{compact, figure_labels, reason, value};
pub use spread::Spread;
#[cfg(test)]
pub(crate) use trial_state::Collapse;
pub use trial_state::TrialState;
pub(crate) use variants::labelled_data;
pub use variants::{FigureSummary, Summary, VariantSummary};
