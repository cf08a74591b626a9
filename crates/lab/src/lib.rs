//! From a grid to a report: grid -> plan -> run -> tables -> report.
//!
//! Models, data and measures are reached through [`Catalog`] alone; this crate must not depend on
//! Burn, and compiles and tests in seconds.

mod catalog;
mod compare;
mod costs;
pub mod court;
pub mod engines;
mod explain;
pub mod export;
mod forecast;
pub mod grid;
pub mod looks;
mod plan;
pub mod regress;
mod report;
pub mod run;
pub mod stats;
pub mod store;
mod table;

pub use catalog::{Catalog, Device, Draft, Fact, Listed, Resolved, Vocabulary};
pub use compare::{Compare, Comparison, Comparisons, Look, Looks, Pairs};
pub use costs::Costs;
pub use explain::{Change, Diff, DiffKind, DiffRow, Explanation, changes, diff, explain};
pub use forecast::{Forecast, Next, smallest_p};
pub use plan::Plan;
pub use report::{Report, ReportContext, report};
pub use run::{Interrupts, RunOptions, RunSummary, Show};
pub use store::{Record, records};
pub use table::{Figure, FigureSummary, Spread, Summary, TrialState, VariantSummary, summary_text, tables};
