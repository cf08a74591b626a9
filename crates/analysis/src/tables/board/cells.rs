//! Columns, rows and cells of a group.

use protocol::{Direction, Unit};

use super::controls::controls;
use super::notes::Notes;
use super::{Cell, Class, Column, Row};
use crate::summary::{Figure, FigureSummary, VariantSummary, figure_labels};
use crate::tables::number_format::{mark, rounded};

/// Columns of the variants' figures: quality, cost, descriptions. A control has no column if its figure has one.
pub(super) fn columns(variants: &[&VariantSummary]) -> Vec<Column> {
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
    let is_known_control = |figure: &Figure| figures.iter().any(|other| figure.is_control_of(other));
    let figures: Vec<&Figure> = figures.iter().copied().filter(|figure| !is_known_control(figure)).collect();
    let has_control =
        |figure: &Figure| all().any(|summed| summed.spread.is_some() && summed.figure.is_control_of(figure));
    let labels = figure_labels(&figures.iter().copied().cloned().collect::<Vec<_>>());
    let column = |(figure, label): (&Figure, String)| Column {
        label,
        figure: figure.clone(),
        class: class(figure, has_control(figure)),
        controls: Vec::new(),
    };
    let mut columns: Vec<_> = figures.into_iter().zip(labels).map(column).collect();
    columns.sort_by_key(|column| column.class);
    columns
}

/// Class of a column. A description with a control is a score: the control shows what its values mean.
fn class(figure: &Figure, has_control: bool) -> Class {
    match figure.direction {
        _ if figure.volatile || (figure.name == "parameters" && figure.unit == Unit::Count) => Class::Cost,
        Direction::Neither if !has_control => Class::Other,
        _ => Class::Quality,
    }
}

/// Row of a variant, with a cell per column.
pub(super) fn row(variant: &VariantSummary, columns: &[Column], notes: &mut Notes) -> Row {
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
        Some(summed) => Cell { controls: controls(variant, summed), ..filled(summed, notes) },
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
        controls: Vec::new(),
        note: (!summed.reasons.is_empty()).then(|| notes.add(few(&summed.reasons))),
        trials: summed.trials.clone(),
        se_test: summed.se_test,
        interval: summed.spread.and_then(|spread| spread.interval()),
    }
}

/// Marks the best cell of a column if its interval overlaps no other. A column with a cell of one seed, which has no
/// interval, has no best cell. A variant with failed seeds is never best, because its other seeds are a biased sample.
pub(super) fn mark_best(rows: &mut [Row], column: usize, figure: &Figure) {
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
