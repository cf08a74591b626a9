//! Text for a terminal: the answers, the runs, then the differences of each pair.

use protocol::text::escape::cell;
use protocol::text::wrapped;

use super::super::{RunFacts, RunPair, RunsComparison};
use super::rows::{FigureRow, input, seeds, variants};
use super::table::{Table, TableLine};
use crate::tables::percent;

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

/// Titles of variants with their rows. Variants with the same identical figures share a line.
fn figure_lines(pair: &RunPair, width: usize) -> Vec<String> {
    let heads = ["figure", &pair.first, &pair.other, "difference", "verdict"].map(str::to_owned).to_vec();
    let mut table = Table { heads, lines: Vec::new() };
    let mut identical = Equal::default();
    for figure in &pair.figures {
        let row = FigureRow::of(figure);
        if row.is_identical {
            identical.add(&figure.variant, &figure.figure);
            continue;
        }
        let unit = if row.unit.is_empty() { String::new() } else { format!(", {}", row.unit) };
        let name = format!("{}{unit}", row.figure);
        add(
            &mut table,
            &figure.variant,
            vec![name, row.first, row.other, row.difference, row.verdict.to_owned()],
            row.reason,
        );
    }
    let mut lines = table.text(width);
    lines.extend(identical.lines("identical", width));
    if pair.figures.iter().any(|figure| figure.interval.is_some()) {
        let (first, other, level) = (&pair.first, &pair.other, percent(pair.level));
        let legend = format!(
            "A difference is {other} minus {first} with its {level}% interval. ±: half of the mean's 95% interval over seeds. \
             ↓, ↑: better direction."
        );
        lines.extend(wrapped("  ", &legend, width));
    }
    lines
}

fn cost_lines(pair: &RunPair, width: usize) -> Vec<String> {
    let heads = ["cost", &pair.first, &pair.other, "ratio"].map(str::to_owned).to_vec();
    let mut table = Table { heads, lines: Vec::new() };
    let mut equal = Equal::default();
    for cost in &pair.costs {
        if cost.is_equal() && cost.ratio.is_some() {
            equal.add(&cost.variant, &cost.cost);
            continue;
        }
        let verdict = cost.verdict.as_ref().map(|verdict| format!(" {verdict}")).unwrap_or_default();
        let ratio = format!("{}{verdict}", cost.ratio_text());
        let cells = vec![cost.head(), cost.text(cost.first), cost.text(cost.other), ratio];
        add(&mut table, &cost.variant, cells, String::new());
    }
    let mut lines = table.text(width);
    lines.extend(equal.lines("equal", width));
    lines.extend(pair.costs_note.iter().flat_map(|note| wrapped("  ", &cell(note), width)));
    lines
}

/// Adds a row, below the title of its variant.
fn add(table: &mut Table, variant: &str, cells: Vec<String>, remark: String) {
    let last = table.lines.iter().rev().find_map(|line| match line {
        TableLine::Title(title) => Some(title.as_str()),
        TableLine::Row { .. } => None,
    });
    if last != Some(variant) {
        table.lines.push(TableLine::Title(variant.to_owned()));
    }
    table.lines.push(TableLine::Row { cells, remark });
}

/// Names that are equal in both runs, by variant.
#[derive(Default)]
struct Equal(Vec<(String, Vec<String>)>);

impl Equal {
    fn add(&mut self, variant: &str, name: &str) {
        match self.0.iter_mut().find(|(known, _)| known == variant) {
            Some((_, names)) => names.push(name.to_owned()),
            None => self.0.push((variant.to_owned(), vec![name.to_owned()])),
        }
    }

    /// A line per list of names, with the variants that have it.
    fn lines(&self, word: &str, width: usize) -> Vec<String> {
        let mut lists: Vec<(&[String], Vec<&str>)> = Vec::new();
        for (variant, names) in &self.0 {
            match lists.iter_mut().find(|(known, _)| *known == names.as_slice()) {
                Some((_, variants)) => variants.push(variant),
                None => lists.push((names, vec![variant])),
            }
        }
        let line =
            |(names, variants): (&[String], Vec<&str>)| format!("{} ({})", names.join(", "), variants.join(", "));
        lists.into_iter().flat_map(|list| wrapped(&format!("  {word}: "), &cell(&line(list)), width)).collect()
    }
}
