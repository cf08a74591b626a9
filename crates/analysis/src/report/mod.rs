//! The report: one HTML file that needs no network and no script, and the summary as Markdown.
//!
//! Everything in it comes from the plan, the records and the traces; it can be made again at any
//! time. Templates lie in `templates/`.

mod beside;
mod comparisons;
mod context;
mod costs;
mod curves;
mod leaderboard;
mod markdown;
mod provenance;
mod samples;
mod svg;
#[cfg(test)]
mod tests;
mod ticks;
mod view;
mod write;

pub use context::{Report, ReportContext};
pub use write::report;
