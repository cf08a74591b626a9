//! Comment of a pull request: verdicts first, one table, the rest folded.

use protocol::text::escape::markdown as escaped;

use super::super::outcome::{Gate, GateResult};
use super::super::row::{HEADS, Row};
use super::text::{advice, header, totals};

/// Largest comment in bytes: GitHub refuses 65,536 characters.
const MOST: usize = 60_000;
/// Largest number of rows in the first table.
const FIRST_ROWS: usize = 25;

pub(super) fn markdown(gate: &Gate) -> String {
    let rows = gate.rows();
    let mut gating: Vec<&Row> = rows.iter().filter(|row| row.gates).collect();
    gating.sort_by_key(|row| severity(row.verdict));
    let (first, more) = gating.split_at(gating.len().min(FIRST_ROWS));
    let informing: Vec<&Row> = rows.iter().filter(|row| !row.gates).collect();
    let mut text = format!(
        "### genbench `{}`: {}{}\n\n{}\n\n{}\n\n{}",
        gate.grid,
        symbol(gate.result()),
        gate.result().words(),
        escaped(&totals(gate)),
        escaped(&header(gate)),
        table(first),
    );
    for line in advice(gate) {
        text += &format!("\n{line}\n");
    }
    if !gate.removed.is_empty() {
        let shown: Vec<&str> = gate.removed.iter().take(FIRST_ROWS).map(String::as_str).collect();
        let more = gate.removed.len() - shown.len();
        let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
        text += &format!("\nOnly in the baseline: {}{rest}\n", escaped(&short(&shown.join(", "), 4_000)));
    }
    for (title, rows) in [("More figures that gate", more), ("Figures that inform", informing.as_slice())] {
        if !rows.is_empty() {
            text += &folded(title, rows, MOST.saturating_sub(text.len()));
        }
    }
    text
}

fn symbol(result: GateResult) -> &'static str {
    match result {
        GateResult::Worse => "❌ ",
        GateResult::Stale | GateResult::Undecided => "⚠️ ",
        GateResult::NoRegression => "✅ ",
    }
}

fn severity(verdict: &str) -> usize {
    let order = ["FAILED", "MISSING", "WORSE", "changed", "undecided", "better", "equivalent", "identical", "new"];
    order.iter().position(|one| *one == verdict).unwrap_or(order.len())
}

fn table(rows: &[&Row]) -> String {
    let head = format!("| {} | remark |\n|---|---|---:|---:|---:|---:|---|---|\n", HEADS.join(" | "));
    rows.iter().fold(head, |text, row| text + &line(row))
}

fn line(row: &Row) -> String {
    let mut cells = row.cells().map(str::to_owned);
    for text in &mut cells[..2] {
        *text = escaped(&short(text, 200)).into_owned();
    }
    if row.verdict.chars().all(char::is_uppercase) {
        cells[6] = format!("**{}**", row.verdict);
    }
    format!("| {} | {} |\n", cells.join(" | "), escaped(&short(&row.remark, 500)))
}

/// At most `most` characters of a text.
fn short(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// A folded table of at most `budget` bytes.
fn folded(title: &str, rows: &[&Row], budget: usize) -> String {
    let mut text = format!("\n<details><summary>{title} ({})</summary>\n\n{}", rows.len(), table(&[]));
    let mut shown = 0;
    for row in rows {
        let line = line(row);
        if text.len() + line.len() + 200 > budget {
            break;
        }
        text += &line;
        shown += 1;
    }
    if shown < rows.len() {
        text += &format!("\n{} more rows are in the output of `genbench regress`.\n", rows.len() - shown);
    }
    text + "\n</details>\n"
}
