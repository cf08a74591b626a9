//! From records to decisions: summary, comparisons, tables, report, gate, exports, costs.
//!
//! Everything here is derived from a plan and the folders of its trials, and can be made again at any time. This crate
//! does not start processes and does not depend on Burn.

pub mod audit;
mod compare;
mod costs;
mod duration;
pub mod export;
pub mod gate;
mod report;
pub mod store;
mod tables;

pub use compare::{Analysis, Comparison, Comparisons, seeds_called_for};
pub use costs::{Costs, TIMING};
pub use duration::duration;
pub use report::{Report, ReportContext, report};
pub use store::{Record, records};
pub use tables::{Figure, FigureSummary, Spread, Summary, TrialState, VariantSummary, summary_text, tables};
