//! HTML: a `table` element without styles.

use std::fmt::Write;

use protocol::text::escape::html as escape;

use super::layout::{TypesetCell, TypesetTable};

/// Writes a table, to be pasted into a page. Its notes are a list below it.
pub(super) fn html(table: &TypesetTable) -> String {
    let mut text = format!(
        "<table id=\"{}\">\n<caption>{}</caption>\n<thead>\n<tr><th scope=\"col\">variant</th>",
        table.label,
        escape(&table.caption)
    );
    // Writing to a string cannot fail.
    for head in &table.heads {
        let parts: Vec<_> = head.iter().filter(|line| !line.is_empty()).map(|line| escape(line)).collect();
        let _ = write!(text, "<th scope=\"col\">{}</th>", parts.join("<br>"));
    }
    text.push_str("</tr>\n</thead>\n<tbody>\n");
    for row in &table.rows {
        let cells: String = row.cells.iter().map(cell).collect();
        let _ = writeln!(text, "<tr><th scope=\"row\">{}</th>{cells}</tr>", escape(&row.variant));
    }
    text.push_str("</tbody>\n</table>\n");
    if !table.notes.is_empty() {
        text.push_str("<ol>\n");
        for note in &table.notes {
            let _ = writeln!(text, "<li>{}</li>", escape(note));
        }
        text.push_str("</ol>\n");
    }
    text
}

fn cell(cell: &TypesetCell) -> String {
    let note = cell.note.map(|note| format!("<sup>{note}</sup>")).unwrap_or_default();
    let controls = if cell.controls.is_empty() { String::new() } else { format!(" ({})", escape(&cell.controls)) };
    match &cell.number {
        Some(number) if cell.marked => format!("<td><strong>{}</strong>{note}{controls}</td>", escape(number)),
        Some(number) => format!("<td>{}{note}{controls}</td>", escape(number)),
        None => format!("<td>—{note}</td>"),
    }
}
