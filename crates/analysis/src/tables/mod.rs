//! Tables: CSV derived from outcomes, measurements and traces, and the summary over seeds.
//!
//! A table holds nothing that is not in the trials' folders; every one can be made again at any
//! time. `docs/tables.md` documents every column.

mod board;
#[cfg(test)]
mod board_tests;
mod comparisons_out;
mod costs_out;
mod csv_out;
mod curves;
mod facts;
mod figure;
#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod laws;
mod long;
mod schema;
mod spread;
mod state;
mod summary;
mod summary_out;
#[cfg(test)]
mod tests;
mod text;
mod traced;
mod wide;
mod words;
mod write;

pub(crate) use board::{Board, Cell, Class, Group, Row, heads};
pub(crate) use curves::{Curve, Split};
pub use figure::Figure;
pub(crate) use figure::figure_labels;
pub use spread::Spread;
pub use state::TrialState;
pub(crate) use summary::labelled_data;
pub use summary::{FigureSummary, Summary, VariantSummary};
pub use text::summary_text;
pub(crate) use text::superscript;
pub(crate) use traced::Traced;
pub(crate) use words::{digits_after_point, exact, fixed};
pub use write::tables;
