//! Markdown: answers first, then a table per pair.

use protocol::text::escape::markdown as escaped;

use super::super::{RunPair, RunsComparison};
use super::rows::{FigureRow, input, seeds, variants};
use crate::tables::percent;

pub(super) fn markdown(comparison: &RunsComparison) -> String {
    let mut text = String::new();
    for pair in &comparison.pairs {
        text += &format!("**{} against {}**: {}\n\n", pair.other, pair.first, pair.answer());
    }
    text += "| run | results | grid | build | machine | trials |\n|---|---|---|---|---|---|\n";
    for run in &comparison.runs {
        let cells = [&run.letter, &run.name, &run.grid, &run.build, &run.machine, &run.trials];
        text += &line(&cells.map(String::as_str));
    }
    let several = comparison.pairs.len() > 1;
    for pair in &comparison.pairs {
        if several {
            text += &format!("\n### {} against {}\n", pair.other, pair.first);
        }
        list(&mut text, "Inputs that differ", pair.inputs.iter().map(input).collect());
        list(&mut text, "Variants", variants(pair));
        figures(&mut text, pair);
        list(&mut text, "Failed or missing seeds", seeds(pair));
        costs(&mut text, pair);
    }
    text
}

fn line(cells: &[&str]) -> String {
    let cells: Vec<_> = cells.iter().map(|text| escaped(text).into_owned()).collect();
    format!("| {} |\n", cells.join(" | "))
}

fn list(text: &mut String, title: &str, lines: Vec<String>) {
    if !lines.is_empty() {
        *text += &format!("\n{title}:\n\n");
        lines.iter().for_each(|line| *text += &format!("- {}\n", escaped(line)));
    }
}

fn figures(text: &mut String, pair: &RunPair) {
    if pair.figures.is_empty() {
        return;
    }
    let (first, other) = (&pair.first, &pair.other);
    *text +=
        &format!("\nFigures; a difference is {other} minus {first} with its {}% interval:\n\n", percent(pair.level));
    *text += &format!(
        "| variant | figure | {first} | {other} | difference | verdict | remark |\n|---|---|---:|---:|---:|---|---|\n"
    );
    for row in pair.figures.iter().map(FigureRow::of) {
        let figure = [row.figure.as_str(), row.unit.as_str()].join(" ");
        let cells =
            [&row.variant, figure.trim_end(), &row.first, &row.other, &row.difference, row.verdict, &row.reason];
        *text += &line(&cells);
    }
}

fn costs(text: &mut String, pair: &RunPair) {
    if pair.costs.is_empty() {
        return;
    }
    *text += &format!(
        "\nCosts:\n\n| variant | cost | {} | {} | ratio |\n|---|---|---:|---:|---:|\n",
        pair.first, pair.other
    );
    for cost in &pair.costs {
        let verdict = cost.verdict.as_ref().map(|verdict| format!(" {verdict}")).unwrap_or_default();
        let (first, other, ratio) = (cost.text(cost.first), cost.text(cost.other), cost.ratio_text() + &verdict);
        *text += &line(&[&cost.variant, &cost.head(), &first, &other, &ratio]);
    }
    if let Some(note) = &pair.costs_note {
        *text += &format!("\n{}\n", escaped(note));
    }
}
