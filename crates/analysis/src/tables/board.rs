//! The wide table for readers: variants by figures, one group for each section and data set.
//!
//! A column holds figures of one name, unit, kind, support and setting: what may not be compared
//! never stands in one column.

use std::collections::HashMap;

use protocol::{Direction, Support, TrialId, Unit};

use super::words::{mark, rounded};
use crate::summary::Figure;
use crate::summary::figure_labels;
use crate::summary::{FigureSummary, Summary, VariantSummary};

/// All groups, in the plan's order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Board {
    pub(crate) groups: Vec<Group>,
}

/// The variants of one section on one data set.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    pub(crate) section: Option<String>,
    pub(crate) data: String,
    /// The support of every figure that has one, if it is the same.
    pub(crate) support: Option<Support>,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Row>,
    /// What cells refer to, from 1.
    pub(crate) notes: Vec<String>,
}

/// What a column is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// How good the model is.
    Quality,
    /// What it costs: time, memory, parameters.
    Cost,
    /// A description.
    Other,
}

/// One figure.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Column {
    pub(crate) label: String,
    pub(crate) figure: Figure,
    pub(crate) class: Class,
}

/// One variant.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) variant: String,
    pub(crate) done: usize,
    pub(crate) total: usize,
    /// Trials that failed or collapsed, and trials that are over.
    pub(crate) lost: (usize, usize),
    /// The note on trials that are not done, or collapsed.
    pub(crate) note: Option<usize>,
    /// As many as there are columns.
    pub(crate) cells: Vec<Cell>,
}

/// One figure of one variant.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Cell {
    /// The mean and half its interval, `None` if it is not there.
    pub(crate) text: Option<String>,
    /// Better than every other cell of its column, and their intervals do not touch.
    pub(crate) best: bool,
    /// The note on it.
    pub(crate) note: Option<usize>,
    /// The trials behind it.
    pub(crate) trials: Vec<TrialId>,
    /// The standard error over test images.
    pub(crate) se_test: Option<f64>,
    interval: Option<(f64, f64)>,
}

impl Row {
    /// Failed and collapsed trials of those that are over; a dash if none is.
    pub(crate) fn lost_text(&self) -> String {
        let (lost, over) = self.lost;
        if over == 0 { "—".to_owned() } else { format!("{lost}/{over}") }
    }
}

impl Board {
    /// Lays out a summary.
    pub(crate) fn of(summary: &Summary) -> Self {
        let mut order: Vec<(Option<&str>, &str)> = Vec::new();
        let mut members: HashMap<_, Vec<&VariantSummary>> = HashMap::new();
        for variant in &summary.variants {
            let key = (variant.section.as_deref(), variant.data.as_str());
            if !order.contains(&key) {
                order.push(key);
            }
            members.entry(key).or_default().push(variant);
        }
        Self { groups: order.into_iter().map(|key| Group::of(key, &members[&key])).collect() }
    }
}

impl Group {
    fn of((section, data): (Option<&str>, &str), variants: &[&VariantSummary]) -> Self {
        let columns = columns(variants);
        let mut notes = Notes::default();
        let mut rows: Vec<Row> = variants.iter().map(|variant| row(variant, &columns, &mut notes)).collect();
        for (index, column) in columns.iter().enumerate() {
            mark_best(&mut rows, index, &column.figure);
        }
        let mut supports: Vec<Support> = columns.iter().filter_map(|column| column.figure.support).collect();
        supports.dedup();
        let support = supports.first().copied().filter(|_| supports.len() == 1);
        Self { section: section.map(str::to_owned), data: data.to_owned(), support, columns, rows, notes: notes.notes }
    }

    /// The heading: data set, and support if it is the same throughout.
    pub(crate) fn title(&self) -> String {
        match self.support {
            Some(support) => format!("{} · {}", self.data, words(&support)),
            None => self.data.clone(),
        }
    }

    /// The three lines above a column: name and better direction; unit; kind, and support if it
    /// is not the same throughout.
    pub(crate) fn heads(&self, column: usize) -> [String; 3] {
        let Column { label, figure, .. } = &self.columns[column];
        heads(label, figure, self.support.is_none())
    }
}

/// Name and better direction; unit; kind, and the support if it is told.
pub(crate) fn heads(label: &str, figure: &Figure, tell_support: bool) -> [String; 3] {
    let arrow = match figure.direction {
        Direction::Lower => " ↓",
        Direction::Higher => " ↑",
        Direction::Neither => "",
    };
    let kind = words(&figure.kind);
    let kind = match figure.support.filter(|_| tell_support) {
        Some(support) => format!("{kind}, {}", words(&support)),
        None => kind,
    };
    let unit = if figure.unit == Unit::One { String::new() } else { figure.unit.to_string().replace("_per_", "/") };
    [format!("{label}{arrow}"), unit, kind]
}

/// A word of the records, for readers.
fn words(word: &impl ToString) -> String {
    word.to_string().replace('_', " ")
}

fn columns(variants: &[&VariantSummary]) -> Vec<Column> {
    let all = || variants.iter().flat_map(|variant| &variant.figures);
    let mut figures: Vec<&Figure> = Vec::new();
    for summed in all().filter(|summed| summed.spread.is_some()) {
        if !figures.contains(&&summed.figure) {
            figures.push(&summed.figure);
        }
    }
    for summed in all().filter(|summed| summed.spread.is_none()) {
        if figures.iter().all(|figure| figure.name != summed.figure.name) {
            figures.push(&summed.figure);
        }
    }
    let labels = figure_labels(&figures.iter().copied().cloned().collect::<Vec<_>>());
    let column = |(figure, label): (&Figure, String)| Column { label, figure: figure.clone(), class: class(figure) };
    let mut columns: Vec<_> = figures.into_iter().zip(labels).map(column).collect();
    columns.sort_by_key(|column| column.class);
    columns
}

fn class(figure: &Figure) -> Class {
    match figure.direction {
        _ if figure.volatile || (figure.name == "parameters" && figure.unit == Unit::Count) => Class::Cost,
        Direction::Neither => Class::Other,
        _ => Class::Quality,
    }
}

fn row(variant: &VariantSummary, columns: &[Column], notes: &mut Notes) -> Row {
    let (done, total, failures) = (variant.done(), variant.trials.len(), variant.failures());
    Row {
        variant: variant.variant.clone(),
        done,
        total,
        lost: variant.lost(),
        note: (!failures.is_empty()).then(|| notes.add(few(&failures))),
        cells: columns.iter().map(|column| cell(variant, &column.figure, notes)).collect(),
    }
}

fn cell(variant: &VariantSummary, figure: &Figure, notes: &mut Notes) -> Cell {
    let namesake = || variant.figures.iter().find(|summed| summed.figure.name == figure.name);
    let exact_match = variant.figures.iter().find(|summed| summed.figure == *figure);
    match exact_match.filter(|summed| summed.spread.is_some()) {
        Some(summed) => filled(summed, notes),
        None => {
            let reason = match namesake() {
                _ if variant.done() == 0 => "no seed is done".to_owned(),
                None => "not measured".to_owned(),
                Some(other) if other.spread.is_some() => "stands in another column: not comparable".to_owned(),
                Some(absent) => few(&absent.reasons),
            };
            Cell { note: Some(notes.add(reason)), ..Cell::default() }
        }
    }
}

fn filled(summed: &FigureSummary, notes: &mut Notes) -> Cell {
    Cell {
        text: summed.spread.map(|spread| format!("{}{}", mark(summed.figure.kind), rounded(&spread, summed.se_test))),
        best: false,
        note: (!summed.reasons.is_empty()).then(|| notes.add(few(&summed.reasons))),
        trials: summed.trials.clone(),
        se_test: summed.se_test,
        interval: summed.spread.and_then(|spread| spread.interval()),
    }
}

/// Marks the best cell of a column if its interval does not touch another's. Cells of one seed
/// have no interval: where one stands, nothing is best. A variant that lost seeds cannot be best:
/// who survives is no fair sample.
fn mark_best(rows: &mut [Row], column: usize, figure: &Figure) {
    // Larger is better from here on.
    let oriented = |(low, high): (f64, f64)| match figure.direction {
        Direction::Higher => Some((low, high)),
        Direction::Lower => Some((-high, -low)),
        Direction::Neither => None,
    };
    let there: Vec<usize> = (0..rows.len()).filter(|&row| rows[row].cells[column].text.is_some()).collect();
    let intervals: Option<Vec<_>> =
        there.iter().map(|&row| rows[row].cells[column].interval.and_then(oriented)).collect();
    let Some(intervals) = intervals.filter(|intervals| intervals.len() > 1 && !figure.volatile) else { return };
    let clear = |index: usize| {
        intervals.iter().enumerate().all(|(other, interval)| other == index || interval.1 < intervals[index].0)
    };
    if let Some(index) = (0..intervals.len()).find(|&index| clear(index)) {
        let winner = &mut rows[there[index]];
        winner.cells[column].best = winner.done == winner.total;
    }
}

/// At most three reasons; the rest are counted, and stand in the tables.
fn few(reasons: &[String]) -> String {
    match reasons.len() {
        0..=3 => reasons.join("; "),
        n => format!("{}; and {} more", reasons[..3].join("; "), n - 3),
    }
}

/// Footnotes, each once.
#[derive(Default)]
struct Notes {
    notes: Vec<String>,
    numbers: HashMap<String, usize>,
}

impl Notes {
    /// The number of this note, from 1.
    fn add(&mut self, note: String) -> usize {
        *self.numbers.entry(note).or_insert_with_key(|note| {
            self.notes.push(note.clone());
            self.notes.len()
        })
    }
}
