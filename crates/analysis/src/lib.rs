//! From records to decisions: summary, comparisons, tables, report, gate, exports, costs.
//!
//! All results derive from a plan and the folders of its trials, so that they can be computed again at any time. This
//! crate does not start processes and does not depend on Burn.

pub mod audit;
mod compare;
mod costs;
mod curve;
mod duration;
pub mod export;
pub mod gate;
mod report;
mod results;
pub mod store;
mod summary;
mod tables;
mod trace_data;

pub use compare::{Analysis, Comparison, Comparisons, seeds_needed};
pub use costs::{Costs, TIMING};
pub use duration::duration;
pub use report::{Report, ReportContext, report};
pub use results::Results;
pub use store::{Record, records};
pub use summary::{Figure, FigureSummary, Spread, Summary, TrialState, VariantSummary};
pub use tables::{summary_text, tables};
