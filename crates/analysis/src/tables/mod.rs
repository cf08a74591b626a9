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
mod curves_out;
mod facts;
#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod laws;
mod long;
mod schema;
mod summary_out;
#[cfg(test)]
mod tests;
mod text;
mod wide;
mod words;
mod write;

pub(crate) use board::{Board, Cell, Class, Group, Row, heads};
pub use text::summary_text;
pub(crate) use text::superscript;
pub(crate) use words::{digits_after_point, exact, fixed};
pub use write::tables;
