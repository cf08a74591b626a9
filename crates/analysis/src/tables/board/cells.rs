//! Columns, rows and cells of a group.

use protocol::{Direction, Unit};
use stats::Interval;

use super::controls::controls;
use super::notes::Notes;
use super::{Cell, Class, Column, Row};
use crate::compare::Marks;
use crate::summary::{Figure, FigureSummary, Spread, VariantSummary, figure_labels};
use crate::tables::number_format::{mark, rounded, share};

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
pub(super) fn row(variant: &VariantSummary, columns: &[Column], marks: &Marks, notes: &mut Notes) -> Row {
    let (done, total, failures) = (variant.done(), variant.trials.len(), variant.failures());
    Row {
        variant: variant.variant.clone(),
        done,
        total,
        lost: variant.lost(),
        note: (!failures.is_empty()).then(|| notes.add(few(&failures))),
        cells: columns.iter().map(|column| cell(variant, &column.figure, marks, notes)).collect(),
    }
}

fn cell(variant: &VariantSummary, figure: &Figure, marks: &Marks, notes: &mut Notes) -> Cell {
    let namesake = || variant.figures.iter().find(|summed| summed.figure.name == figure.name);
    let exact_match = variant.figures.iter().find(|summed| summed.figure == *figure);
    match exact_match.filter(|summed| summed.spread.is_some()) {
        Some(summed) => Cell {
            marked: marks.contains(&variant.variant, figure),
            controls: controls(variant, summed),
            ..filled(summed, notes)
        },
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
    let text = |spread: &Spread| match summed.share_interval() {
        Some(Interval { low, high }) => share(spread.mean, low, high),
        None => rounded(spread, summed.se_test),
    };
    Cell {
        text: summed.spread.map(|spread| format!("{}{}", mark(summed.figure.kind), text(&spread))),
        marked: false,
        controls: Vec::new(),
        note: (!summed.reasons.is_empty()).then(|| notes.add(few(&summed.reasons))),
        trials: summed.trials.clone(),
        se_test: summed.se_test,
    }
}

/// At most three reasons and the number of the others, which the tables list.
fn few(reasons: &[String]) -> String {
    match reasons.len() {
        0..=3 => reasons.join("; "),
        n => format!("{}; and {} more", reasons[..3].join("; "), n - 3),
    }
}
