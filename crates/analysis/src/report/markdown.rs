//! Summary as Markdown, for a CI job page.

use protocol::text::escape::markdown as escape;

use super::claims::claim_lines;
use super::view::{counts, failures};
use crate::claims::ClaimResult;
use crate::compare::Comparisons;
use crate::summary::Summary;
use crate::tables::{Board, Cell, Group, LikelihoodView, superscript};

/// Largest size in bytes. Job pages refuse 1 MiB, and other summaries may share the page.
const LARGEST: usize = 900 << 10;

/// Formats the summary as Markdown, below 1 MiB.
pub(super) fn markdown(summary: &Summary, comparisons: &Comparisons, claims: &[ClaimResult]) -> String {
    let mut lines = vec![format!("## {}", escape(&summary.grid)), String::new()];
    if !summary.about.is_empty() {
        lines.extend([escape(&summary.about).into_owned(), String::new()]);
    }
    lines.extend([format!("{}.", counts(summary)), String::new()]);
    let board = Board::of(summary, comparisons);
    for group in &board.groups {
        table(&group.without_descriptions(), &mut lines);
        for view in LikelihoodView::of_group(&comparisons.likelihoods, group.section.as_deref(), &group.data) {
            likelihoods(&view, &mut lines);
        }
    }
    let marks = board.mark_legend().map(|meaning| format!(" **Bold**: {meaning}.")).unwrap_or_default();
    lines.push(format!("Means over seeds that did not collapse ± half of the mean's 95% confidence interval (Student's t). Brackets: 95% interval of a rate or share. ≥ and ≤ precede bounds. Lost: failed or collapsed seeds, of the ended ones.{marks}"));
    if let Some(controls) = board.controls_legend() {
        lines.extend([String::new(), controls.to_owned()]);
    }
    lines.extend(claim_lines(claims));
    let failures = failures(summary);
    if !failures.is_empty() {
        lines.extend([
            String::new(),
            "| unfinished or collapsed | seed | trial | status | reason |".to_owned(),
            "|---|---:|---|---|---|".to_owned(),
        ]);
        lines.extend(failures.iter().map(|failure| {
            let (variant, reason) = (escape(&failure.variant), escape(&failure.reason));
            format!("| {variant} | {} | {} | {} | {reason} |", failure.seed, failure.trial, failure.status)
        }));
    }
    cut(&lines)
}

fn table(group: &Group, lines: &mut Vec<String>) {
    let columns = 0..group.columns.len();
    let section = group.section.as_deref().map(|section| format!("{section} · ")).unwrap_or_default();
    let title = section + &group.title();
    lines.extend([format!("### {}", escape(&title)), String::new()]);
    let mut head = "| variant | seeds | lost |".to_owned();
    for column in columns.clone() {
        let heads: Vec<String> = group.heads(column).iter().map(|head| escape(head).into_owned()).collect();
        let [name, unit, kind, controls @ ..] = heads.as_slice() else { continue };
        let unit = if unit.is_empty() { unit.clone() } else { format!("{unit}, ") };
        let controls: String = controls.iter().map(|control| format!("<br>{control}")).collect();
        head += &format!(" {name}<br>{unit}{kind}{controls} |");
    }
    lines.extend([head, format!("|---|---:|---:|{}", "---:|".repeat(columns.len()))]);
    for row in &group.rows {
        let mut line = format!("| {} | {}/{}", escape(&row.variant), row.done, row.total);
        line += &format!("{} | {} |", row.note.map(superscript).unwrap_or_default(), row.lost_text());
        for column in columns.clone() {
            line += &format!(" {} |", cell(&row.cells[column]));
        }
        lines.push(line);
    }
    lines.push(String::new());
    for (index, note) in group.notes.iter().enumerate() {
        lines.push(format!("{} {}<br>", superscript(index + 1), escape(note)));
    }
    lines.push(String::new());
}

/// Table of log-likelihoods, its notes and its verdicts.
fn likelihoods(view: &LikelihoodView, lines: &mut Vec<String>) {
    lines.extend([format!("### {}", escape(&view.title)), String::new()]);
    lines.push(format!("| variant | estimator | {} |", view.heads.join(" | ")));
    lines.push(format!("|---|---|{}", "---:|".repeat(view.heads.len())));
    for row in &view.rows {
        let note = row.note.map(superscript).unwrap_or_default();
        let (variant, estimator) = (escape(&row.variant), escape(&row.estimator));
        lines.push(format!("| {variant} | {estimator}{note} ({}) | {} |", row.kind, row.cells.join(" | ")));
    }
    lines.push(String::new());
    for (index, note) in view.notes.iter().enumerate() {
        lines.push(format!("{} {}<br>", superscript(index + 1), escape(note)));
    }
    lines.extend(view.verdicts.iter().map(|verdict| format!("- {}", escape(verdict))));
    lines.extend([String::new(), view.how.clone(), String::new()]);
}

fn cell(cell: &Cell) -> String {
    let note = cell.note.map(superscript).unwrap_or_default();
    let controls = match cell.controls_text() {
        text if text.is_empty() => text,
        text => format!(" ({})", escape(&text)),
    };
    match &cell.text {
        Some(text) if cell.marked => format!("**{text}**{note}{controls}"),
        Some(text) => format!("{text}{note}{controls}"),
        None => format!("—{note}"),
    }
}

fn cut(lines: &[String]) -> String {
    let mut text = String::new();
    for line in lines {
        if text.len() + line.len() > LARGEST {
            text.push_str("\nTruncated: `summary.csv` and `report.html` have the whole summary.\n");
            break;
        }
        text.push_str(line);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_is_truncated_below_the_limit() {
        let lines = vec!["x".repeat(1000); 2000];
        let text = cut(&lines);
        assert!(text.len() < 1 << 20 && text.contains("Truncated: "));
    }
}
