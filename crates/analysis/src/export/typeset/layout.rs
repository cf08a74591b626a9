//! Table of one section and data set, before markup.

use std::collections::HashSet;

use super::caption::caption;
use crate::results::Results;
use crate::tables::{Cell, Group};

/// Table of one section and data set. All texts are plain.
pub(super) struct TypesetTable {
    /// Sentences below or above the table.
    pub(super) caption: String,
    /// Name of the table for references, such as `quickstart-1`.
    pub(super) label: String,
    /// Headers of the columns after the first one: name, unit, kind, then controls that all rows share.
    pub(super) heads: Vec<Vec<String>>,
    pub(super) rows: Vec<TypesetRow>,
    /// Footnotes, numbered from 1.
    pub(super) notes: Vec<String>,
}

/// Row of one variant.
pub(super) struct TypesetRow {
    pub(super) variant: String,
    pub(super) cells: Vec<TypesetCell>,
}

/// Cell: a number with its interval, or a dash.
pub(super) struct TypesetCell {
    /// `None` if the figure is absent.
    pub(super) number: Option<String>,
    pub(super) marked: bool,
    /// Controls in words; empty without controls.
    pub(super) controls: String,
    pub(super) note: Option<usize>,
}

impl TypesetTable {
    pub(super) fn of(group: &Group, results: &Results) -> Self {
        let complete = seeds_of_all(group).is_some();
        let seeds_head = || vec!["seeds".to_owned(), String::new(), String::new()];
        let heads = (!complete).then(seeds_head).into_iter();
        let heads = heads.chain((0..group.columns.len()).map(|column| group.heads(column))).collect();
        let row = |row: &crate::tables::Row| {
            let seeds = TypesetCell {
                number: Some(format!("{}/{}", row.lost.1 - row.lost.0, row.total)),
                marked: false,
                controls: String::new(),
                note: row.note,
            };
            let cells = (!complete).then_some(seeds).into_iter().chain(row.cells.iter().map(cell)).collect();
            TypesetRow { variant: row.variant.clone(), cells }
        };
        let section = group.section.as_deref().unwrap_or_default();
        Self {
            caption: caption(group, results),
            label: label(&[&results.plan().grid, section, &group.data]),
            heads,
            rows: group.rows.iter().map(row).collect(),
            notes: group.notes.clone(),
        }
    }
}

fn cell(cell: &Cell) -> TypesetCell {
    TypesetCell { number: cell.text.clone(), marked: cell.marked, controls: cell.controls_text(), note: cell.note }
}

/// Number of seeds of every variant, if all are done, none is lost and the number is the same.
pub(super) fn seeds_of_all(group: &Group) -> Option<usize> {
    let first = group.rows.first()?.total;
    let complete = |row: &crate::tables::Row| row.total == first && row.done == first && row.lost.0 == 0;
    group.rows.iter().all(complete).then_some(first)
}

/// Appends a number to labels that differ only in characters that a label does not have.
pub(super) fn number_equal_labels(tables: &mut [TypesetTable]) {
    let mut known = HashSet::new();
    for table in tables {
        let label = table.label.clone();
        let mut number = 2;
        while !known.insert(table.label.clone()) {
            table.label = format!("{label}-{number}");
            number += 1;
        }
    }
}

/// Letters, digits and hyphens only, because it is part of a command.
fn label(parts: &[&str]) -> String {
    let words = parts.iter().flat_map(|part| part.split(|c: char| !c.is_ascii_alphanumeric()));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-").to_lowercase()
}
