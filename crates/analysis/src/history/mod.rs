//! History of a grid over commits: one entry per run, and the change points of every figure.

mod entry;
mod file;
mod page;
mod series;
#[cfg(test)]
mod tests;
mod text;

pub use entry::{HISTORY_SCHEMA, HistoryEntry, HistoryFigure};
pub use file::HistoryFile;
pub use page::history_page;
pub use series::{Series, SeriesValue, Step, series};
pub use text::{history_csv, history_json, history_text};
