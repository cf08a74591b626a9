//! Trend page of a history: one HTML page without scripts, with a plot per figure.

mod day;
mod trend_series;
mod view;

use std::io;

use minijinja::Value;
use minijinja::value::Serde;

use self::view::TrendView;
use super::entry::HistoryEntry;

/// Renders the page of a history. `genbench` is the version that writes it.
///
/// # Errors
/// The template cannot be rendered, which would be a bug.
pub fn history_page(entries: &[HistoryEntry], genbench: &str) -> io::Result<String> {
    let view = TrendView::of(entries, genbench);
    crate::report::page("trend.html", Value::from(Serde(&view))).map_err(io::Error::other)
}
