//! Table for a terminal: aligned columns, or a list of cells if the columns do not fit.

use protocol::text::escape::cell;
use protocol::text::{columns, wrapped};

/// Space between two columns.
const GAP: usize = 2;

/// A table whose first column is text and whose other columns are numbers, except for the last one.
pub(super) struct Table {
    pub(super) heads: Vec<String>,
    pub(super) rows: Vec<TableRow>,
    /// Blanks before each line.
    pub(super) indent: usize,
}

/// Row of a table.
pub(super) struct TableRow {
    pub(super) cells: Vec<String>,
    /// Remark below the row; may be empty.
    pub(super) remark: String,
}

impl Table {
    /// Lines of at most `width` columns, if no word is longer.
    pub(super) fn lines(&self, width: usize) -> Vec<String> {
        let widths = self.widths();
        let total = self.indent + widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1);
        if total <= width { self.aligned(&widths, width) } else { self.stacked(width) }
    }

    fn widths(&self) -> Vec<usize> {
        let width = |at: usize| {
            let cells = self.rows.iter().filter_map(|row| row.cells.get(at));
            cells.chain(self.heads.get(at)).map(|text| columns(&cell(text))).max().unwrap_or_default()
        };
        (0..self.heads.len()).map(width).collect()
    }

    fn aligned(&self, widths: &[usize], width: usize) -> Vec<String> {
        let last = widths.len().saturating_sub(1);
        let line = |cells: &[String]| {
            let padded = cells.iter().zip(widths).enumerate().map(|(at, (text, width))| {
                let text = cell(text);
                let blanks = " ".repeat(width.saturating_sub(columns(&text)));
                if at == 0 || at == last { format!("{text}{blanks}") } else { format!("{blanks}{text}") }
            });
            let padded = padded.collect::<Vec<_>>().join(&" ".repeat(GAP));
            format!("{}{}", " ".repeat(self.indent), padded.trim_end())
        };
        let mut lines = vec![line(&self.heads)];
        for row in &self.rows {
            lines.push(line(&row.cells));
            lines.extend(self.remark(row, width));
        }
        lines
    }

    /// The first cell, then a line per cell with the head of its column.
    fn stacked(&self, width: usize) -> Vec<String> {
        let heads = self.heads.iter().skip(1).map(|head| columns(&cell(head))).max().unwrap_or_default();
        let mut lines = Vec::new();
        for row in &self.rows {
            let first = row.cells.first().map(|text| cell(text)).unwrap_or_default();
            lines.extend(wrapped(&" ".repeat(self.indent), &first, width));
            for (head, text) in self.heads.iter().zip(&row.cells).skip(1) {
                let head = cell(head);
                let start =
                    format!("{}{head}{}", " ".repeat(self.indent + 2), " ".repeat(heads - columns(&head) + GAP));
                lines.extend(wrapped(&start, &cell(text), width));
            }
            lines.extend(self.remark(row, width));
        }
        lines
    }

    fn remark(&self, row: &TableRow, width: usize) -> Vec<String> {
        match row.remark.is_empty() {
            true => Vec::new(),
            false => wrapped(&" ".repeat(self.indent + 2), &cell(&row.remark), width),
        }
    }
}
