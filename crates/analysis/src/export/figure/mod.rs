//! Interval plots of one figure as files for papers: SVG and PDF.
//!
//! The data are those of the report's plot. They are laid out once as a list of shapes, which each format writes. The PDF is
//! written by hand: one page of version 1.4, a font that every reader has, no compression. A converter from SVG, such as
//! `svg2pdf` with `usvg`, would add a font engine and dozens of crates to the first build.

mod columns;
mod layout;
#[cfg(test)]
mod layout_tests;
mod pdf;
mod shape;
mod svg;
#[cfg(test)]
mod tests;
mod text_width;
mod variant_mark;
mod win_ansi;

use protocol::Problem;

use self::layout::layout;
use self::shape::Drawing;
use super::figure_names::refuse_unknown;
use crate::compare::Marks;
use crate::report::section_plots;
use crate::results::Results;
use crate::tables::{Board, Class};

/// Writes the interval plot of a figure as SVG: one plot per section and data set, below each other. Without a name, the plots
/// are those of the primary figure of each section.
///
/// # Errors
/// No variant has a figure of that name, or none has a value.
pub fn svg(results: &Results, figure: Option<&str>) -> Result<String, Problem> {
    Ok(svg::svg(&drawing(results, figure)?))
}

/// Writes the plots of [`svg`] as a PDF file of one page.
///
/// # Errors
/// As [`svg`], or the font of the file lacks a character, or the page would be too long for a reader.
pub fn pdf(results: &Results, figure: Option<&str>) -> Result<Vec<u8>, Problem> {
    pdf::pdf(&drawing(results, figure)?)
}

fn drawing(results: &Results, figure: Option<&str>) -> Result<Drawing, Problem> {
    let board = Board::of(results.summary(), results.comparisons());
    if let Some(name) = figure {
        refuse_unknown(&board, &[name.to_owned()])?;
    }
    let (sections, without) = section_plots(results, &board, figure);
    if sections.is_empty() {
        let what = figure.map_or_else(|| "a figure of quality".to_owned(), |name| format!("`{name}`"));
        return Err(Problem::new("figure", format!("no variant has a value of {what}")).help(
            match first_name(&board) {
                Some(name) => format!("name another figure, such as --figure {name}"),
                None => format!("no trial has a figure; `genbench status {}` lists the trials", results.plan().grid),
            },
        ));
    }
    Ok(layout(&sections, &without, Marks::of(results.comparisons()).meaning()))
}

/// Name of the first figure with a value, those of cost first.
fn first_name(board: &Board) -> Option<&str> {
    let columns = || board.groups.iter().flat_map(|group| &group.columns);
    let of_cost = columns().find(|column| column.class == Class::Cost);
    of_cost.or_else(|| columns().next()).map(|column| column.figure.name.as_str())
}
