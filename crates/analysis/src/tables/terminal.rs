//! Summary for a terminal.

use std::iter::repeat_n;

use protocol::text::escape::cell;
use protocol::text::{columns, wrapped};

use super::board::{Board, Cell, Class, Group, Row};
use super::likelihood_lines::likelihood_lines;
use super::likelihood_view::LikelihoodView;
use crate::compare::Comparisons;
use crate::summary::Summary;

/// Space between two columns.
pub(super) const GAP: usize = 2;
/// Least width of the column of labels.
pub(super) const SHORTEST_LABEL: usize = 12;

/// Formats the summary as text of at most `width` columns if possible; `usize::MAX` is no limit. Each section and data
/// set has a block of rows, split into several blocks if the figures do not fit next to each other.
///
/// A cell has the mean over seeds and half its 95% confidence interval. `≥` and `≤` precede bounds. A dash with a
/// footnote replaces an absent figure. Rows keep the order of the grid: figures of different kinds are not ranked.
#[must_use]
pub fn summary_text(summary: &Summary, comparisons: &Comparisons, width: usize, color: bool) -> String {
    let pen = Pen { color };
    let board = Board::of(summary, comparisons);
    let mut lines = Vec::new();
    for group in &board.groups.iter().map(Group::without_descriptions).collect::<Vec<_>>() {
        let section = group.section.as_deref().map(|section| format!("{section} · ")).unwrap_or_default();
        let title = format!("{section}{}", group.title());
        lines.extend(wrapped("", &cell(&title), width).iter().map(|line| pen.bold(line)));
        let widths = Widths::of(group, width);
        for block in blocks(group, &widths, width) {
            lines.extend(block_lines(group, &block, &widths, pen));
            lines.push(String::new());
        }
        for (index, note) in group.notes.iter().enumerate() {
            lines.extend(
                wrapped(&format!("{} ", superscript(index + 1)), &cell(note), width).iter().map(|line| pen.dim(line)),
            );
        }
        if !group.notes.is_empty() {
            lines.push(String::new());
        }
        let likelihoods = LikelihoodView::of_group(&comparisons.likelihoods, group.section.as_deref(), &group.data);
        likelihoods.iter().for_each(|view| lines.extend(likelihood_lines(view, width, pen)));
    }
    lines.extend(wrapped("", &legend(&board), width).iter().map(|line| pen.dim(line)));
    lines.join("\n") + "\n"
}

fn legend(board: &Board) -> String {
    let cells = || board.groups.iter().flat_map(|group| &group.rows).flat_map(|row| &row.cells);
    let has = |text: &str| cells().any(|cell| cell.text.as_ref().is_some_and(|cell| cell.contains(text)));
    let mut legend = vec![
        "Means over finished seeds that did not collapse. lost: failed or collapsed seeds, of the ended ones."
            .to_owned(),
    ];
    if has("±") {
        let half = "±: half of the mean's 95% confidence interval over seeds (Student's t); one seed has none.";
        legend.push(half.to_owned());
    }
    if has("[") {
        legend.push("[ ]: 95% interval of a rate or share.".to_owned());
    }
    if has("≥") || has("≤") {
        legend.push("≥, ≤: bounds; the best bound need not be the best likelihood.".to_owned());
    }
    if let Some(controls) = board.controls_legend() {
        legend.push(controls.to_owned());
    }
    legend.extend(board.mark_legend().map(|meaning| format!("*: {meaning}.")));
    legend.join(" ")
}

/// Groups columns that fit next to each other: quality first, then cost. Descriptions are omitted.
fn blocks(group: &Group, widths: &Widths, width: usize) -> Vec<Vec<usize>> {
    let mut blocks: Vec<Vec<usize>> = Vec::new();
    for class in [Class::Quality, Class::Cost] {
        let mut block: Vec<usize> = Vec::new();
        let mut used = 0;
        for (index, _) in group.columns.iter().enumerate().filter(|(_, column)| column.class == class) {
            let needed = GAP + widths.columns[index];
            if !block.is_empty() && used + needed > width {
                blocks.push(std::mem::take(&mut block));
            }
            if block.is_empty() {
                used = widths.label + widths.seeds_and_lost();
            }
            used += needed;
            block.push(index);
        }
        if !block.is_empty() {
            blocks.push(block);
        }
    }
    if blocks.is_empty() { vec![Vec::new()] } else { blocks }
}

fn block_lines(group: &Group, block: &[usize], widths: &Widths, pen: Pen) -> Vec<String> {
    let &Widths { label, seeds, lost, .. } = widths;
    let mut lines = Vec::new();
    let heads: Vec<Vec<String>> = block.iter().map(|&column| group.heads(column)).collect();
    for index in 0..heads.iter().map(Vec::len).max().unwrap_or(1) {
        let top = |text| if index == 0 { text } else { "" };
        let mut line = left(top("variant"), label) + &" ".repeat(GAP) + &right(top("seeds"), seeds);
        line += &(" ".repeat(GAP) + &right(top("lost"), lost));
        for (&column, heads) in block.iter().zip(&heads) {
            let head = heads.get(index).map(|head| cell(head)).unwrap_or_default();
            line += &" ".repeat(GAP);
            line += &right(&head, widths.columns[column]);
        }
        match line.trim_end() {
            "" => {}
            line => lines.push(if index == 0 { pen.bold(line) } else { pen.dim(line) }),
        }
    }
    for row in &group.rows {
        let names = wrapped("", &cell(&row.variant), label);
        let mut line = left(&names[0], label);
        line += &" ".repeat(GAP);
        line += &right(&seeds_text(row), seeds);
        line += &(" ".repeat(GAP) + &right(&row.lost_text(), lost));
        for &column in block {
            let text = cell_text(&row.cells[column]);
            let padding = widths.columns[column].saturating_sub(columns(&text));
            line.extend(repeat_n(' ', GAP + padding));
            line += &if row.cells[column].marked { pen.bold(&text) } else { text };
        }
        lines.push(line.trim_end().to_owned());
        lines.extend(names.into_iter().skip(1));
    }
    lines
}

fn cell_text(figure: &Cell) -> String {
    let note = figure.note.map(superscript).unwrap_or_default();
    let mark = if figure.marked { "*" } else { "" };
    match &figure.text {
        Some(text) if figure.controls.is_empty() => format!("{text}{mark}{note}"),
        Some(text) => format!("{text}{mark}{note} ({})", figure.controls_text()),
        None => format!("—{note}"),
    }
}

fn seeds_text(row: &Row) -> String {
    format!("{}/{}{}", row.done, row.total, row.note.map(superscript).unwrap_or_default())
}

/// Widths in terminal columns.
struct Widths {
    label: usize,
    seeds: usize,
    lost: usize,
    /// Width of each column of the group.
    columns: Vec<usize>,
}

impl Widths {
    fn of(group: &Group, width: usize) -> Self {
        let widest =
            |texts: &mut dyn Iterator<Item = String>| texts.map(|text| columns(&text)).max().unwrap_or_default();
        let column = |index: usize| {
            let heads = group.heads(index).into_iter().map(|head| cell(&head).into_owned());
            widest(&mut heads.chain(group.rows.iter().map(|row| cell_text(&row.cells[index]))))
        };
        let labels = group.rows.iter().map(|row| cell(&row.variant).into_owned());
        let mut widths = Self {
            label: widest(&mut labels.chain(["variant".to_owned()])),
            seeds: widest(&mut group.rows.iter().map(seeds_text).chain(["seeds".to_owned()])),
            lost: widest(&mut group.rows.iter().map(Row::lost_text).chain(["lost".to_owned()])),
            columns: (0..group.columns.len()).map(column).collect(),
        };
        // A long label continues on the next line, so that the widest figure fits next to it.
        let figure = widths.columns.iter().max().map_or(0, |widest| GAP + widest);
        let room = width.saturating_sub(widths.seeds_and_lost() + figure);
        widths.label = widths.label.min(room.min(width / 2).max(SHORTEST_LABEL));
        widths
    }

    /// Columns of the two counts with their gaps.
    fn seeds_and_lost(&self) -> usize {
        GAP + self.seeds + GAP + self.lost
    }
}

pub(super) fn left(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))))
}

pub(super) fn right(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(columns(text))))
}

/// A number in superscript digits.
pub(crate) fn superscript(number: usize) -> String {
    number
        .to_string()
        .bytes()
        .map(|digit| ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'][usize::from(digit - b'0')])
        .collect()
}

/// Styles text if colour is on.
#[derive(Clone, Copy)]
pub(super) struct Pen {
    color: bool,
}

impl Pen {
    pub(super) fn bold(self, text: &str) -> String {
        if self.color { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    pub(super) fn dim(self, text: &str) -> String {
        if self.color && !text.is_empty() { format!("\u{1b}[2m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}
