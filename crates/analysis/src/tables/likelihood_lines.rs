//! Table of log-likelihoods for a terminal.

use protocol::text::escape::cell;
use protocol::text::{columns, wrapped};

use super::likelihood_view::{LikelihoodView, ViewRow};
use super::terminal::{GAP, Pen, SHORTEST_LABEL, left, right, superscript};

/// Title, values, notes and verdicts of one table, in lines of at most `width` columns if possible. Columns that do not fit
/// next to each other are in several blocks of rows.
pub(super) fn likelihood_lines(view: &LikelihoodView, width: usize, pen: Pen) -> Vec<String> {
    let mut lines: Vec<String> = wrapped("", &cell(&view.title), width).iter().map(|line| pen.bold(line)).collect();
    for block in blocks(view, width) {
        lines.extend(block_lines(view, &block, width, pen));
        lines.push(String::new());
    }
    for (index, note) in view.notes.iter().enumerate() {
        let note = wrapped(&format!("{} ", superscript(index + 1)), &cell(note), width);
        lines.extend(note.iter().map(|line| pen.dim(line)));
    }
    if !view.notes.is_empty() {
        lines.push(String::new());
    }
    lines.extend(view.verdicts.iter().flat_map(|verdict| wrapped("- ", &cell(verdict), width)));
    lines.extend(wrapped("", &view.how, width).iter().map(|line| pen.dim(line)));
    lines.push(String::new());
    lines
}

/// Columns of values that fit next to each other.
fn blocks(view: &LikelihoodView, width: usize) -> Vec<Vec<usize>> {
    let least = SHORTEST_LABEL.min(label_width(view)) + GAP + estimator_width(view);
    let (mut blocks, mut block, mut used) = (Vec::new(), Vec::new(), least);
    for column in 0..view.heads.len() {
        let needed = GAP + cell_width(view, column);
        if !block.is_empty() && used + needed > width {
            blocks.push(std::mem::take(&mut block));
            used = least;
        }
        used += needed;
        block.push(column);
    }
    blocks.push(block);
    blocks
}

fn block_lines(view: &LikelihoodView, block: &[usize], width: usize, pen: Pen) -> Vec<String> {
    let of_estimator = estimator_width(view);
    let rest = GAP + of_estimator + block.iter().map(|&column| GAP + cell_width(view, column)).sum::<usize>();
    let label = label_width(view).min(width.saturating_sub(rest).max(SHORTEST_LABEL));
    let line = |variant: &str, estimator: &str, cells: &[String]| {
        let mut line = left(variant, label) + &" ".repeat(GAP) + &left(estimator, of_estimator);
        for &column in block {
            line += &(" ".repeat(GAP) + &right(&cells[column], cell_width(view, column)));
        }
        line.trim_end().to_owned()
    };
    let mut lines = vec![pen.bold(&line("variant", "estimator", &view.heads))];
    for (at, row) in view.rows.iter().enumerate() {
        // The label of a variant is on its first row.
        let is_first = at == 0 || view.rows[at - 1].variant != row.variant;
        let names = if is_first { wrapped("", &cell(&row.variant), label) } else { vec![String::new()] };
        lines.push(line(&names[0], &estimator(row), &row.cells));
        lines.extend(names.into_iter().skip(1));
    }
    lines
}

fn estimator(row: &ViewRow) -> String {
    format!("{}{}", cell(&row.estimator), row.note.map(superscript).unwrap_or_default())
}

fn estimator_width(view: &LikelihoodView) -> usize {
    widest(view.rows.iter().map(estimator).chain(["estimator".to_owned()]))
}

fn label_width(view: &LikelihoodView) -> usize {
    widest(view.rows.iter().map(|row| cell(&row.variant).into_owned()).chain(["variant".to_owned()]))
}

fn cell_width(view: &LikelihoodView, column: usize) -> usize {
    widest(view.rows.iter().map(|row| row.cells[column].clone()).chain([view.heads[column].clone()]))
}

fn widest(texts: impl Iterator<Item = String>) -> usize {
    texts.map(|text| columns(&text)).max().unwrap_or_default()
}
