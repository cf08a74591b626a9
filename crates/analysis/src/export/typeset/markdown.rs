//! Tables of GitHub's Markdown.

use protocol::text::escape::markdown as escape;

use super::layout::{TypesetCell, TypesetTable};
use crate::tables::superscript;

/// Writes a table with its caption and notes below.
pub(super) fn markdown(table: &TypesetTable) -> String {
    let mut lines = Vec::new();
    let head = |head: &Vec<String>| {
        let parts: Vec<_> = head.iter().filter(|line| !line.is_empty()).map(|line| escape(line)).collect();
        parts.join("<br>")
    };
    let heads: Vec<String> = table.heads.iter().map(head).collect();
    lines.push(format!("| variant | {} |", heads.join(" | ")));
    lines.push(format!("|---|{}", "---:|".repeat(table.heads.len())));
    for row in &table.rows {
        let cells: Vec<String> = row.cells.iter().map(cell).collect();
        lines.push(format!("| {} | {} |", escape(&row.variant), cells.join(" | ")));
    }
    lines.extend([String::new(), escape(&table.caption).into_owned()]);
    if !table.notes.is_empty() {
        lines.push(String::new());
    }
    let notes = table.notes.iter().enumerate();
    lines.extend(notes.map(|(index, note)| format!("{} {}<br>", superscript(index + 1), escape(note))));
    lines.join("\n") + "\n"
}

fn cell(cell: &TypesetCell) -> String {
    let note = cell.note.map(superscript).unwrap_or_default();
    let controls = if cell.controls.is_empty() { String::new() } else { format!(" ({})", escape(&cell.controls)) };
    match &cell.number {
        Some(number) if cell.marked => format!("**{number}**{note}{controls}"),
        Some(number) => format!("{number}{note}{controls}"),
        None => format!("—{note}"),
    }
}
