//! Tables of variants by figures for papers and pages: LaTeX, Markdown, HTML.
//!
//! Values, intervals and bold cells are those of the terminal's table, so bold means what the verdicts mean.

mod caption;
#[cfg(test)]
mod compiled;
mod html;
mod latex;
mod layout;
mod markdown;
#[cfg(test)]
pub(super) mod tests;

use protocol::Problem;

use self::layout::TypesetTable;
use super::figure_names::refuse_unknown;
use crate::results::Results;
use crate::tables::{Board, Class, Column};

/// Markup of a typeset table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Markup {
    /// `table` environments with `booktabs`.
    Latex,
    /// Tables of GitHub's Markdown.
    Markdown,
    /// `table` elements, to be pasted into a page.
    Html,
}

/// Writes one table per section and data set, with a caption that states intervals, marks, tests, seeds and numbers of images.
/// The columns are the figures of `figures`; without any, those of quality and cost.
///
/// # Errors
/// No variant has a figure of that name.
pub fn typeset(results: &Results, markup: Markup, figures: &[String]) -> Result<String, Problem> {
    let board = Board::of(results.summary(), results.comparisons());
    refuse_unknown(&board, figures)?;
    let wanted = |column: &Column| match figures.is_empty() {
        true => column.class != Class::Other,
        false => figures.contains(&column.figure.name),
    };
    let groups = board.groups.iter().map(|group| group.with_columns(wanted)).filter(|group| !group.columns.is_empty());
    let tables = groups.map(|group| TypesetTable::of(&group, results));
    let write = match markup {
        Markup::Latex => latex::latex,
        Markup::Markdown => markdown::markdown,
        Markup::Html => html::html,
    };
    Ok(tables.map(|table| write(&table)).collect::<Vec<_>>().join("\n"))
}
