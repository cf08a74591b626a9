//! Report: one HTML file without network access and scripts, and the summary as Markdown.
//!
//! The report derives from plan, records and traces, so that it can be written again at any time. The folder `templates/`
//! holds its templates.

mod claims;
mod comparisons;
mod context;
mod costs;
mod curves;
mod leaderboard;
mod markdown;
mod provenance;
mod samples;
mod side_by_side;
mod svg;
#[cfg(test)]
mod tests;
mod ticks;
mod view;
mod write;

pub use context::{Report, ReportContext};
pub(crate) use write::escape_with;
pub use write::report;
