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

use self::layout::{TypesetTable, number_equal_labels};
use super::figure_names::refuse_unknown;
use crate::results::Results;
use crate::tables::{Board, Class, Group};

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
/// The columns are the figures of `figures`, in this order; without any, those of quality and cost. A section without a value
/// has a table of its seeds with the reasons.
///
/// # Errors
/// No variant has a figure of that name.
pub fn typeset(results: &Results, markup: Markup, figures: &[String]) -> Result<String, Problem> {
    let board = Board::of(results.summary(), results.comparisons());
    refuse_unknown(&board, figures)?;
    let selected = |group: &Group| match figures.is_empty() {
        true => group.with_columns(|column| column.class != Class::Other),
        false => group.with_order(figures),
    };
    let is_shown = |(group, table): &(&Group, Group)| !table.columns.is_empty() || group.columns.is_empty();
    let groups = board.groups.iter().map(|group| (group, selected(group))).filter(is_shown);
    let mut tables: Vec<TypesetTable> = groups.map(|(_, group)| TypesetTable::of(&group, results)).collect();
    number_equal_labels(&mut tables);
    let write = match markup {
        Markup::Latex => latex::latex,
        Markup::Markdown => markdown::markdown,
        Markup::Html => html::html,
    };
    Ok(tables.iter().map(write).collect::<Vec<_>>().join("\n"))
}
