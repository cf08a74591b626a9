//! Report: one HTML file without network access, and the summary as Markdown.
//!
//! The report derives from plan, records and traces, so that it can be written again at any time. The folder `templates/`
//! holds its templates and a script that sorts and filters; the page is complete without it.

mod answer;
mod axes_of_grid;
#[cfg(test)]
pub(crate) mod browser_tests;
mod claims;
mod comparisons;
mod context;
mod costs;
mod costs_of_variants;
mod effect;
mod grid_settings;
mod group_data;
#[cfg(test)]
mod large_grid_tests;
mod leaderboard;
mod likelihoods;
mod markdown;
mod matrix;
mod plots;
mod provenance;
mod samples;
mod section_plots;
mod side_by_side;
#[cfg(test)]
mod tests;
mod trials;
mod variant_style;
mod view;
mod write;

pub use answer::answer_text;
pub use context::{Report, ReportContext, WatchedReport};
pub(crate) use group_data::{grouped, unit_text};
pub(crate) use plots::axis::Tick;
#[cfg(test)]
pub(crate) use plots::intervals::OwnControl;
pub(crate) use plots::intervals::{IntervalPlot, IntervalRow};
pub(crate) use plots::trend::{TrendPlot, TrendValue, step_key, trend_plot};
pub(crate) use section_plots::{SectionPlots, section_plots};
#[cfg(test)]
pub(crate) use variant_style::VariantStyle;
pub(crate) use variant_style::{COLORS, MARKERS};
pub(crate) use view::counts;
pub(crate) use write::{escape_with, page};
pub use write::{report, watched_report};
