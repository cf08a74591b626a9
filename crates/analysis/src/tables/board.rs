//! Wide table for people: variants by figures, with one group per section and data set.
//!
//! A column holds figures of one name, unit, kind, support and settings, so that a column is always comparable.

use std::collections::HashMap;

use protocol::{Direction, Support, TrialId, Unit};

use super::number_format::{mark, rounded};
use crate::summary::Figure;
use crate::summary::figure_labels;
use crate::summary::{FigureSummary, Summary, VariantSummary};

/// All groups, in the order of the plan.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Board {
    pub(crate) groups: Vec<Group>,
}

/// The variants of one section on one data set.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    pub(crate) section: Option<String>,
    pub(crate) data: String,
    /// Common support of all figures; `None` if they differ.
    pub(crate) support: Option<Support>,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Row>,
    /// Footnotes; cells refer to them by number, counted from 1.
    pub(crate) notes: Vec<String>,
}

/// Class of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// Quality of the model.
    Quality,
    /// Cost: time, memory, parameters.
    Cost,
    /// A description.
    Other,
}

/// Column of one figure.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Column {
    pub(crate) label: String,
    pub(crate) figure: Figure,
    pub(crate) class: Class,
}

/// Row of one variant.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) variant: String,
    pub(crate) done: usize,
    pub(crate) total: usize,
    /// Number of failed or collapsed trials, and number of ended trials.
    pub(crate) lost: (usize, usize),
    /// Number of the note on failed, missing and collapsed trials.
    pub(crate) note: Option<usize>,
    /// One cell per column.
    pub(crate) cells: Vec<Cell>,
}

/// Cell: one figure of one variant.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Cell {
    /// Mean and half its interval; `None` if the figure is absent.
    pub(crate) text: Option<String>,
    /// Whether it is better than every other cell of its column and its interval overlaps no other.
    pub(crate) best: bool,
    /// Number of the note on the figure.
    pub(crate) note: Option<usize>,
    /// Trials behind the figure.
    pub(crate) trials: Vec<TrialId>,
    /// Standard error over test images.
    pub(crate) se_test: Option<f64>,
    interval: Option<(f64, f64)>,
}

impl Row {
    /// Failed and collapsed trials of the ended ones, such as `1/3`; a dash if none has ended.
    pub(crate) fn lost_text(&self) -> String {
        let (lost, ended) = self.lost;
        if ended == 0 { "—".to_owned() } else { format!("{lost}/{ended}") }
    }
}

impl Board {
    /// Lays out the summary in groups.
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

    /// Heading: data set, and the common support.
    pub(crate) fn title(&self) -> String {
        match self.support {
            Some(support) => format!("{} · {}", self.data, with_spaces(&support)),
            None => self.data.clone(),
        }
    }

    /// Three header lines of a column: name and better direction; unit; kind, and support unless it is common.
    pub(crate) fn heads(&self, column: usize) -> [String; 3] {
        let Column { label, figure, .. } = &self.columns[column];
        heads(label, figure, self.support.is_none())
    }
}

/// Name and better direction; unit; kind, and the support if `with_support` is set.
pub(crate) fn heads(label: &str, figure: &Figure, with_support: bool) -> [String; 3] {
    let arrow = match figure.direction {
        Direction::Lower => " ↓",
        Direction::Higher => " ↑",
        Direction::Neither => "",
    };
    let kind = with_spaces(&figure.kind);
    let kind = match figure.support.filter(|_| with_support) {
        Some(support) => format!("{kind}, {}", with_spaces(&support)),
        None => kind,
    };
    let unit = if figure.unit == Unit::One { String::new() } else { figure.unit.to_string().replace("_per_", "/") };
    [format!("{label}{arrow}"), unit, kind]
}

/// A name of the records with spaces in place of underscores.
fn with_spaces(word: &impl ToString) -> String {
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
                Some(other) if other.spread.is_some() => "listed in another column: not comparable".to_owned(),
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

/// Marks the best cell of a column if its interval overlaps no other. A column with a cell of one seed, which has no
/// interval, has no best cell. A variant with failed seeds is never best, because its other seeds are a biased sample.
fn mark_best(rows: &mut [Row], column: usize, figure: &Figure) {
    // Oriented so that larger is better.
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
        let best = &mut rows[there[index]];
        best.cells[column].best = best.done == best.total;
    }
}

/// At most three reasons and the number of the others, which the tables list.
fn few(reasons: &[String]) -> String {
    match reasons.len() {
        0..=3 => reasons.join("; "),
        n => format!("{}; and {} more", reasons[..3].join("; "), n - 3),
    }
}

/// Distinct footnotes.
#[derive(Default)]
struct Notes {
    notes: Vec<String>,
    numbers: HashMap<String, usize>,
}

impl Notes {
    /// Number of this note, counted from 1.
    fn add(&mut self, note: String) -> usize {
        *self.numbers.entry(note).or_insert_with_key(|note| {
            self.notes.push(note.clone());
            self.notes.len()
        })
    }
}
