//! Text for a terminal: the answers, the runs, then the differences of each pair.

use protocol::text::escape::cell;
use protocol::text::wrapped;

use super::super::{CostPair, RunFacts, RunPair, RunsComparison};
use super::rows::{FigureRow, input, seeds, variants};
use super::table::{Table, TableRow};

pub(super) fn text(comparison: &RunsComparison, width: usize, color: bool) -> String {
    let bold = |text: &str| if color { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() };
    let mut lines = Vec::new();
    for pair in &comparison.pairs {
        let start = format!("{} against {}: ", pair.other, pair.first);
        lines.extend(wrapped(&start, &pair.answer(), width).iter().map(|line| bold(line)));
    }
    lines.push(String::new());
    comparison.runs.iter().for_each(|run| lines.extend(run_lines(run, width)));
    for pair in &comparison.pairs {
        let mut part = |title: &str, content: Vec<String>| {
            if !content.is_empty() {
                lines.push(String::new());
                lines.push(bold(title));
                lines.extend(content);
            }
        };
        let several = comparison.pairs.len() > 1;
        let of = if several { format!(", {} against {}", pair.other, pair.first) } else { String::new() };
        let list = |all: Vec<String>| all.iter().flat_map(|line| wrapped("  ", &cell(line), width)).collect::<Vec<_>>();
        part(&format!("Inputs{of}"), list(pair.inputs.iter().map(input).collect()));
        part(&format!("Variants{of}"), list(variants(pair)));
        part(&format!("Figures{of}"), figure_lines(pair, width));
        part(&format!("Failed or missing seeds{of}"), list(seeds(pair)));
        part(&format!("Costs{of}"), cost_lines(pair, width));
    }
    lines.join("\n") + "\n"
}

fn run_lines(run: &RunFacts, width: usize) -> Vec<String> {
    let RunFacts { letter, name, grid, build, machine, trials } = run;
    let grid = if grid == name { String::new() } else { format!("grid {grid}, ") };
    wrapped(&format!("{letter}: "), &cell(&format!("{name}: {grid}{build}, {machine}; {trials}")), width)
}

/// A block per variant. Identical figures are one line.
fn figure_lines(pair: &RunPair, width: usize) -> Vec<String> {
    let rows: Vec<FigureRow> = pair.figures.iter().map(FigureRow::of).collect();
    let mut lines = Vec::new();
    let mut labels: Vec<&str> = Vec::new();
    for row in &rows {
        if !labels.contains(&row.variant.as_str()) {
            labels.push(&row.variant);
        }
    }
    let mut identical: Vec<(String, Vec<&str>)> = Vec::new();
    for label in labels {
        let of_variant = || rows.iter().filter(|row| row.variant == label);
        let same: Vec<&str> = of_variant().filter(|row| row.is_identical).map(|row| row.figure.as_str()).collect();
        if !same.is_empty() {
            match identical.iter_mut().find(|(known, _)| *known == same.join(", ")) {
                Some((_, variants)) => variants.push(label),
                None => identical.push((same.join(", "), vec![label])),
            }
        }
        let other: Vec<&FigureRow> = of_variant().filter(|row| !row.is_identical).collect();
        if !other.is_empty() {
            lines.extend(wrapped("  ", &cell(label), width));
            lines.extend(figure_table(pair, &other).lines(width));
        }
    }
    for (figures, variants) in identical {
        lines.extend(wrapped("  identical: ", &cell(&format!("{figures} ({})", variants.join(", "))), width));
    }
    if pair.figures.iter().any(|figure| figure.interval.is_some()) {
        let (first, other) = (&pair.first, &pair.other);
        let legend = format!(
            "A difference is {other} minus {first} with its {:.4}% interval. ±: half of the mean's 95% interval over seeds. ↓, ↑: \
             better direction.",
            100.0 * pair.level
        );
        lines.extend(wrapped("  ", &legend, width));
    }
    lines
}

fn figure_table(pair: &RunPair, rows: &[&FigureRow]) -> Table {
    let heads = ["figure", &pair.first, &pair.other, "difference", "verdict"].map(str::to_owned).to_vec();
    let row = |row: &&FigureRow| {
        let unit = if row.unit.is_empty() { String::new() } else { format!(", {}", row.unit) };
        TableRow {
            cells: vec![
                format!("{}{unit}", row.figure),
                row.first.clone(),
                row.other.clone(),
                row.difference.clone(),
                row.verdict.to_owned(),
            ],
            remark: row.reason.clone(),
        }
    };
    Table { heads, rows: rows.iter().map(row).collect(), indent: 4 }
}

fn cost_lines(pair: &RunPair, width: usize) -> Vec<String> {
    if pair.costs.is_empty() {
        return Vec::new();
    }
    let heads = ["variant", "cost", &pair.first, &pair.other, "ratio"].map(str::to_owned).to_vec();
    let mut last = "";
    let mut rows = Vec::new();
    for cost in &pair.costs {
        let variant = if std::mem::replace(&mut last, &cost.variant) == cost.variant { "" } else { &cost.variant };
        rows.push(TableRow { cells: cost_cells(cost, variant), remark: String::new() });
    }
    let mut lines = Table { heads, rows, indent: 2 }.lines(width);
    lines.extend(pair.costs_note.iter().flat_map(|note| wrapped("  ", &cell(note), width)));
    lines
}

fn cost_cells(cost: &CostPair, variant: &str) -> Vec<String> {
    let verdict = cost.verdict.as_ref().map(|verdict| format!(" {verdict}")).unwrap_or_default();
    let ratio = format!("{}{verdict}", cost.ratio_text());
    vec![variant.to_owned(), cost.cost.clone(), cost.text(cost.first), cost.text(cost.other), ratio]
}
