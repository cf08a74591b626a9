//! Tables: CSV files derived from outcomes, measurements and traces, and the summary for a terminal.
//!
//! A table holds nothing that is not in the trials' folders, so that it can be computed again at any time.
//! `docs/tables.md` documents every column.

mod axes_out;
mod board;
mod claims_out;
#[cfg(test)]
mod claims_tests;
mod claims_text;
mod comparison_columns;
mod comparisons_out;
mod costs_out;
mod curves_out;
mod facts_out;
#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod marks_tests;
#[cfg(test)]
pub(crate) use marks_tests::results as results_of_values;
mod likelihood_comparisons_out;
mod likelihood_lines;
#[cfg(test)]
mod likelihood_tests;
mod likelihood_view;
mod likelihoods_out;
mod measurements_out;
mod number_format;
mod origin_out;
#[cfg(test)]
mod paired_images_tests;
#[cfg(test)]
pub(crate) use paired_images_tests::keep as keep_terms;
mod schema;
mod sheet;
mod summary_out;
mod terminal;
#[cfg(test)]
mod tests;
mod trials_out;
mod write;

pub(crate) use board::{Board, Cell, Class, Column, Group, Row, heads};
pub use claims_text::{claim_numbers, claims_text};
pub(crate) use likelihood_view::{LikelihoodView, decided};
pub(crate) use number_format::{
    digits_after_point, exact, fixed, is_plain, mark, percent, readable, rounded, scientific,
};
pub(crate) use schema::{Field, FieldType};
pub use terminal::summary_text;
pub(crate) use terminal::superscript;
pub(crate) use write::measurements;
pub use write::tables;
