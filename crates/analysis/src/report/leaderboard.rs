//! Leaderboard tables of a group, for the page.

use serde::Serialize;

use crate::tables::{Cell, Class, Group, Row, readable};

/// A table.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Leaderboard {
    pub(super) caption: &'static str,
    /// Name, unit and kind of each column, then the controls that all rows share.
    pub(super) heads: Vec<Vec<String>>,
    pub(super) rows: Vec<LeaderRow>,
}

/// Row of one variant.
#[derive(Clone, Debug, Serialize)]
pub(super) struct LeaderRow {
    pub(super) variant: String,
    pub(super) seeds: String,
    /// Failed and collapsed trials of the ended ones.
    pub(super) lost: String,
    pub(super) note: Option<usize>,
    pub(super) cells: Vec<LeaderCell>,
}

/// Cell: one figure of one variant.
#[derive(Clone, Debug, Serialize)]
pub(super) struct LeaderCell {
    pub(super) text: Option<String>,
    /// `true` if the verdicts mark the cell.
    pub(super) best: bool,
    /// Controls in words; empty without controls.
    pub(super) controls: String,
    pub(super) note: Option<usize>,
    /// Tooltip: the trials behind the figure and its error over test images.
    pub(super) title: String,
}

/// Tables of a group: quality, cost, descriptions. Tables without columns are omitted.
pub(super) fn leaderboards(group: &Group) -> Vec<Leaderboard> {
    let classes = [(Class::Quality, "Quality"), (Class::Cost, "Cost"), (Class::Other, "Other figures")];
    classes.into_iter().filter_map(|(class, caption)| leaderboard(group, class, caption)).collect()
}

fn leaderboard(group: &Group, class: Class, caption: &'static str) -> Option<Leaderboard> {
    let columns: Vec<usize> = (0..group.columns.len()).filter(|&index| group.columns[index].class == class).collect();
    // A group without figures still has a table of its variants.
    if columns.is_empty() && (class != Class::Quality || !group.columns.is_empty()) {
        return None;
    }
    let row = |row: &Row| LeaderRow {
        variant: row.variant.clone(),
        seeds: format!("{}/{}", row.done, row.total),
        lost: row.lost_text(),
        note: row.note,
        cells: columns.iter().map(|&index| cell(&row.cells[index])).collect(),
    };
    Some(Leaderboard {
        caption,
        heads: columns.iter().map(|&index| group.heads(index)).collect(),
        rows: group.rows.iter().map(row).collect(),
    })
}

fn cell(cell: &Cell) -> LeaderCell {
    let trials: Vec<_> = cell.trials.iter().map(|id| id.0.as_str()).collect();
    let mut title = match trials.len() {
        0 => String::new(),
        1 => format!("trial {}", trials[0]),
        _ => format!("trials {}", trials.join(", ")),
    };
    if let Some(se) = cell.se_test {
        title += &format!("; standard error over test images {}", readable(se, 3));
    }
    LeaderCell { text: cell.text.clone(), best: cell.marked, controls: cell.controls_text(), note: cell.note, title }
}
