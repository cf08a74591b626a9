//! Summary for a terminal.

use std::iter::repeat_n;

use unicode_width::UnicodeWidthStr;

use super::board::{Board, Cell, Class, Group, Row};
use crate::summary::Summary;

/// Space between two columns.
const GAP: usize = 2;

/// Formats the summary as text of at most `width` columns if possible. Each section and data set has a block of rows,
/// split into several blocks if the figures do not fit next to each other.
///
/// A cell has the mean over seeds and half its 95% confidence interval. `≥` and `≤` precede bounds. A dash with a
/// footnote replaces an absent figure. Rows keep the order of the grid: figures of different kinds are not ranked.
#[must_use]
pub fn summary_text(summary: &Summary, width: usize, color: bool) -> String {
    let pen = Pen { color };
    let board = Board::of(summary);
    let mut lines = Vec::new();
    for group in &board.groups {
        let section = group.section.as_deref().map(|section| format!("{section} · ")).unwrap_or_default();
        lines.push(pen.bold(&plain(&format!("{section}{}", group.title()))));
        let widths = Widths::of(group, width);
        for block in blocks(group, &widths, width) {
            lines.extend(block_lines(group, &block, &widths, pen));
            lines.push(String::new());
        }
        for (index, note) in group.notes.iter().enumerate() {
            lines.extend(
                wrapped(&format!("{} ", superscript(index + 1)), &plain(note), width).iter().map(|line| pen.dim(line)),
            );
        }
        if !group.notes.is_empty() {
            lines.push(String::new());
        }
    }
    lines.extend(wrapped("", &legend(&board), width).iter().map(|line| pen.dim(line)));
    lines.join("\n") + "\n"
}

fn legend(board: &Board) -> String {
    let cells = || board.groups.iter().flat_map(|group| &group.rows).flat_map(|row| &row.cells);
    let has = |text: &str| cells().any(|cell| cell.text.as_ref().is_some_and(|cell| cell.contains(text)));
    let mut legend = vec!["Means over finished seeds. lost: failed or collapsed seeds, of the ended ones."];
    if has("±") {
        legend.push("±: half of the mean's 95% confidence interval over seeds (Student's t); one seed has none.");
    }
    if has("≥") || has("≤") {
        legend.push("≥, ≤: bounds; the best bound need not be the best likelihood.");
    }
    if cells().any(|cell| cell.best) {
        legend.push("*: best in its column; its interval overlaps no other.");
    }
    legend.join(" ")
}

/// Groups columns that fit next to each other: quality first, then cost. Descriptions are omitted.
fn blocks(group: &Group, widths: &Widths, width: usize) -> Vec<Vec<usize>> {
    let mut blocks: Vec<Vec<usize>> = Vec::new();
    for class in [Class::Quality, Class::Cost] {
        let mut used = width + 1;
        for (index, _) in group.columns.iter().enumerate().filter(|(_, column)| column.class == class) {
            let needed = GAP + widths.columns[index];
            if used + needed > width {
                blocks.push(Vec::new());
                used = widths.label + GAP + widths.seeds + GAP + widths.lost;
            }
            used += needed;
            if let Some(block) = blocks.last_mut() {
                block.push(index);
            }
        }
    }
    if blocks.is_empty() { vec![Vec::new()] } else { blocks }
}

fn block_lines(group: &Group, block: &[usize], widths: &Widths, pen: Pen) -> Vec<String> {
    let &Widths { label, seeds, lost, .. } = widths;
    let mut lines = Vec::new();
    for (index, head) in ["variant", "", ""].iter().enumerate() {
        let top = |text| if index == 0 { text } else { "" };
        let mut line = left(head, label) + &" ".repeat(GAP) + &right(top("seeds"), seeds);
        line += &(" ".repeat(GAP) + &right(top("lost"), lost));
        for &column in block {
            line += &" ".repeat(GAP);
            line += &right(&plain(&group.heads(column)[index]), widths.columns[column]);
        }
        lines.push(if index == 0 { pen.bold(line.trim_end()) } else { pen.dim(line.trim_end()) });
    }
    for row in &group.rows {
        let mut line = left(&shortened(&plain(&row.variant), label), label);
        line += &" ".repeat(GAP);
        line += &right(&seeds_text(row), seeds);
        line += &(" ".repeat(GAP) + &right(&row.lost_text(), lost));
        for &column in block {
            let (cell, text) = (&row.cells[column], cell_text(&row.cells[column]));
            let padding = widths.columns[column].saturating_sub(text.width());
            line.extend(repeat_n(' ', GAP + padding));
            line += &if cell.best { pen.bold(&text) } else { text };
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}

fn cell_text(cell: &Cell) -> String {
    let note = cell.note.map(superscript).unwrap_or_default();
    let best = if cell.best { "*" } else { "" };
    match &cell.text {
        Some(text) => format!("{text}{best}{note}"),
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
        let widest = |texts: &mut dyn Iterator<Item = String>| texts.map(|text| text.width()).max().unwrap_or_default();
        let column = |index: usize| {
            let heads = group.heads(index).map(|head| plain(&head)).into_iter();
            widest(&mut heads.chain(group.rows.iter().map(|row| cell_text(&row.cells[index]))))
        };
        let labels = group.rows.iter().map(|row| plain(&row.variant));
        Self {
            label: widest(&mut labels.chain(["variant".to_owned()])).min((width / 2).max(12)),
            seeds: widest(&mut group.rows.iter().map(seeds_text).chain(["seeds".to_owned()])),
            lost: widest(&mut group.rows.iter().map(Row::lost_text).chain(["lost".to_owned()])),
            columns: (0..group.columns.len()).map(column).collect(),
        }
    }
}

/// Cuts the middle out of a label that is too long, because variants of a matrix differ at the end.
fn shortened(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let fits = |chars: &mut dyn Iterator<Item = char>, limit: usize| {
        let mut kept = String::new();
        for next in chars {
            if kept.width() + next.to_string().width() > limit {
                break;
            }
            kept.push(next);
        }
        kept
    };
    let head = fits(&mut text.chars(), width / 2);
    let tail = fits(&mut text.chars().rev(), width - width / 2 - 1);
    format!("{head}…{}", tail.chars().rev().collect::<String>())
}

/// Replaces control characters: a label must not control the terminal.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn left(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

fn right(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(text.width())))
}

fn wrapped(start: &str, text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![start.to_owned()];
    for word in text.split_whitespace() {
        let line = lines.last().map_or(0, |line| line.width());
        if line + word.width() > width && line > start.width() {
            lines.push(" ".repeat(start.width()));
        }
        if let Some(line) = lines.last_mut() {
            *line += word;
            line.push(' ');
        }
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
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
struct Pen {
    color: bool,
}

impl Pen {
    fn bold(self, text: &str) -> String {
        if self.color { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn dim(self, text: &str) -> String {
        if self.color && !text.is_empty() { format!("\u{1b}[2m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}
