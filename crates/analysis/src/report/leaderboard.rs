//! Leaderboard tables of a group: blocks of a few columns, and one line for columns that are constant.

use serde::Serialize;

use super::group_data::grouped;
use super::variant_style::{VariantStyle, VariantStyles};
use crate::tables::{Cell, Class, Group, Row, heads, readable};

/// Largest number of figures in a block, so that it fits on a page of paper.
const COLUMNS: usize = 5;

/// A table of some figures.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Leaderboard {
    pub(super) caption: String,
    /// `true` if the page shows the table open.
    pub(super) is_open: bool,
    /// Name, unit and kind of each column, then the controls that all rows share.
    pub(super) heads: Vec<Vec<String>>,
    pub(super) rows: Vec<LeaderRow>,
    /// `true` if the variants differ in their numbers of finished or lost seeds.
    pub(super) has_seeds: bool,
    /// Columns with equal cells, in words.
    pub(super) constant: Vec<String>,
}

/// Row of one variant.
#[derive(Clone, Debug, Serialize)]
pub(super) struct LeaderRow {
    pub(super) style: VariantStyle,
    /// Finished seeds of all.
    pub(super) seeds: String,
    /// Failed and collapsed trials of the ended ones.
    pub(super) lost: String,
    pub(super) note: Option<usize>,
    pub(super) cells: Vec<LeaderCell>,
}

/// Cell: one figure of one variant.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct LeaderCell {
    pub(super) text: Option<String>,
    /// `true` if the verdicts mark the cell.
    pub(super) best: bool,
    /// Controls in words; empty without controls.
    pub(super) controls: String,
    pub(super) note: Option<usize>,
    /// Tooltip: the error over test images.
    pub(super) title: String,
}

/// Tables of a group: quality, cost, descriptions. Tables without columns are omitted.
pub(super) fn leaderboards(group: &Group, styles: &VariantStyles) -> Vec<Leaderboard> {
    let classes = [(Class::Quality, "Quality"), (Class::Cost, "Cost"), (Class::Other, "Other figures")];
    classes.into_iter().flat_map(|(class, caption)| blocks(group, class, caption, styles)).collect()
}

fn blocks(group: &Group, class: Class, caption: &str, styles: &VariantStyles) -> Vec<Leaderboard> {
    let columns: Vec<usize> = (0..group.columns.len()).filter(|&index| group.columns[index].class == class).collect();
    // A group without figures still has a table of its variants.
    if columns.is_empty() && (class != Class::Quality || !group.columns.is_empty()) {
        return Vec::new();
    }
    let (constant, varying): (Vec<usize>, Vec<usize>) =
        columns.into_iter().partition(|&index| group.rows.len() > 1 && is_constant(group, index));
    let of_column = |&index: &usize| {
        let text = group.rows[0].cells[index].text.as_deref().map(grouped).unwrap_or_default();
        let [name, unit, kind] = heads(&group.columns[index].label, &group.columns[index].figure, true);
        let unit = [unit, kind].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(", ");
        format!("{name} {text} ({unit})")
    };
    let mut constant: Vec<String> = constant.iter().map(of_column).collect();
    let has_seeds = !group.rows.iter().all(|row| seeds(row) == seeds(&group.rows[0]) && row.note.is_none());
    if let Some((done, lost)) = group.rows.first().map(seeds).filter(|_| !has_seeds) {
        constant.insert(0, format!("{done} seeds done, {lost} lost"));
    }
    let parts: Vec<&[usize]> = if varying.is_empty() { vec![&[]] } else { varying.chunks(COLUMNS).collect() };
    let number = parts.len();
    let block = |(at, columns): (usize, &&[usize])| Leaderboard {
        caption: if number > 1 { format!("{caption}, part {} of {number}", at + 1) } else { caption.to_owned() },
        is_open: at == 0 && class != Class::Other,
        heads: columns.iter().map(|&index| group.heads(index)).collect(),
        rows: group.rows.iter().map(|row| leader_row(row, columns, styles)).collect(),
        has_seeds,
        constant: if at == 0 { constant.clone() } else { Vec::new() },
    };
    parts.iter().enumerate().map(block).collect()
}

/// Returns whether all rows have the same unmarked value, without notes.
fn is_constant(group: &Group, column: usize) -> bool {
    let first = &group.rows[0].cells[column];
    let plain =
        |cell: &Cell| cell.text == first.text && !cell.marked && cell.note.is_none() && cell.controls.is_empty();
    first.text.is_some() && group.rows.iter().all(|row| plain(&row.cells[column]))
}

/// Finished seeds of all, and lost ones of the ended.
fn seeds(row: &Row) -> (String, String) {
    (format!("{}/{}", row.done, row.total), row.lost_text())
}

fn leader_row(row: &Row, columns: &[usize], styles: &VariantStyles) -> LeaderRow {
    LeaderRow {
        style: styles.get(&row.variant),
        seeds: seeds(row).0,
        lost: seeds(row).1,
        note: row.note,
        cells: columns.iter().map(|&index| cell(&row.cells[index])).collect(),
    }
}

fn cell(cell: &Cell) -> LeaderCell {
    let title = cell.se_test.map(|se| format!("standard error over test images {}", readable(se, 3)));
    LeaderCell {
        text: cell.text.as_deref().map(grouped),
        best: cell.marked,
        controls: grouped(&cell.controls_text()),
        note: cell.note,
        title: title.unwrap_or_default(),
    }
}
