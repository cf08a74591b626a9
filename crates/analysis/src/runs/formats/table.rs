//! Table for a terminal: aligned columns, or fewer cells per line if the columns do not fit.

use protocol::text::escape::cell;
use protocol::text::{columns, wrapped};

/// Space between two columns.
const GAP: usize = 2;
/// Blanks before a title, before a row and before a remark.
const INDENTS: [usize; 3] = [2, 4, 6];

/// A table with titles between its rows. The first and the last column are text, the others are numbers.
pub(super) struct Table {
    pub(super) heads: Vec<String>,
    pub(super) lines: Vec<TableLine>,
}

/// Line of a table.
pub(super) enum TableLine {
    /// Label of the variant whose rows follow.
    Title(String),
    /// Cells with a remark, which may be empty.
    Row { cells: Vec<String>, remark: String },
}

/// Form of the rows, by the width of the terminal.
#[derive(Clone, Copy)]
enum Form {
    /// A line per row.
    Aligned,
    /// The first cell, and the others in columns below it.
    TwoLines,
    /// A line per cell.
    Stacked,
}

impl Table {
    /// Lines of at most `width` columns, if no word is longer. None without rows.
    pub(super) fn text(&self, width: usize) -> Vec<String> {
        if self.lines.is_empty() {
            return Vec::new();
        }
        let widths = self.widths();
        let total = |widths: &[usize]| widths.iter().map(|width| GAP + width).sum::<usize>().saturating_sub(GAP);
        let form = match () {
            () if INDENTS[1] + total(&widths) <= width => Form::Aligned,
            () if INDENTS[2] + total(&widths[1..]) <= width => Form::TwoLines,
            () => Form::Stacked,
        };
        let two_lines = |cells: &[String]| aligned(&cells[1..], &widths[1..], INDENTS[2]);
        let mut lines = Vec::new();
        match form {
            Form::Aligned => lines.push(aligned(&self.heads, &widths, INDENTS[1])),
            Form::TwoLines => lines.push(two_lines(&self.heads)),
            Form::Stacked => {}
        }
        for line in &self.lines {
            match line {
                TableLine::Title(title) => lines.extend(wrapped(&" ".repeat(INDENTS[0]), &cell(title), width)),
                TableLine::Row { cells, remark } => {
                    match form {
                        Form::Aligned => lines.push(aligned(cells, &widths, INDENTS[1])),
                        Form::TwoLines => {
                            lines.extend(first(cells, width));
                            lines.push(two_lines(cells));
                        }
                        Form::Stacked => lines.extend(self.stacked(cells, width)),
                    }
                    if !remark.is_empty() {
                        lines.extend(wrapped(&" ".repeat(INDENTS[2]), &cell(remark), width));
                    }
                }
            }
        }
        lines
    }

    fn widths(&self) -> Vec<usize> {
        let rows = || {
            self.lines.iter().filter_map(|line| match line {
                TableLine::Row { cells, .. } => Some(cells),
                TableLine::Title(_) => None,
            })
        };
        let width = |at: usize| {
            let cells = rows().filter_map(|cells| cells.get(at)).chain(self.heads.get(at));
            cells.map(|text| columns(&cell(text))).max().unwrap_or_default()
        };
        (0..self.heads.len()).map(width).collect()
    }

    /// The first cell, then a line per cell with the head of its column.
    fn stacked(&self, cells: &[String], width: usize) -> Vec<String> {
        let heads = self.heads.iter().skip(1).map(|head| columns(&cell(head))).max().unwrap_or_default();
        let mut lines = first(cells, width);
        for (head, text) in self.heads.iter().zip(cells).skip(1) {
            let head = cell(head);
            let gap = " ".repeat(heads - columns(&head) + GAP);
            lines.extend(wrapped(&format!("{}{head}{gap}", " ".repeat(INDENTS[2])), &cell(text), width));
        }
        lines
    }
}

/// Lines of the first cell alone.
fn first(cells: &[String], width: usize) -> Vec<String> {
    wrapped(&" ".repeat(INDENTS[1]), &cell(&cells[0]), width)
}

fn aligned(cells: &[String], widths: &[usize], indent: usize) -> String {
    let last = widths.len().saturating_sub(1);
    let padded = cells.iter().zip(widths).enumerate().map(|(at, (text, width))| {
        let text = cell(text);
        let blanks = " ".repeat(width.saturating_sub(columns(&text)));
        // The column of names is the only one with its indent.
        if (at == 0 && indent == INDENTS[1]) || at == last {
            format!("{text}{blanks}")
        } else {
            format!("{blanks}{text}")
        }
    });
    let padded = padded.collect::<Vec<_>>().join(&" ".repeat(GAP));
    format!("{}{}", " ".repeat(indent), padded.trim_end())
}
