//! Interval plot of one figure: a row per variant, a dot per seed, the interval of the mean, and controls as lines.

use protocol::Direction;
use serde::Serialize;

use super::axis::{Axis, Tick};
use crate::report::group_data::{GroupData, figure_of, grouped, interval_of};
use crate::report::variant_style::VariantStyle;
use crate::summary::{Figure, FigureSummary, VariantSummary};
use crate::tables::{Column, digits_after_point, heads, readable};

/// Plot of one figure.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct IntervalPlot {
    /// Name with the better direction, unit, kind with support.
    pub(crate) head: [String; 3],
    pub(crate) ticks: Vec<Tick>,
    pub(crate) is_log: bool,
    /// Controls that all rows share.
    pub(crate) lines: Vec<Tick>,
    pub(crate) rows: Vec<IntervalRow>,
    /// Controls outside of the scale, and variants without a value.
    pub(crate) notes: Vec<String>,
}

/// Row of one variant. Positions are percentages of the plot.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct IntervalRow {
    pub(crate) style: VariantStyle,
    pub(crate) mean: f64,
    /// Left end and width of the interval.
    pub(crate) interval: Option<[f64; 2]>,
    pub(crate) dots: Vec<f64>,
    /// Controls of this variant.
    pub(crate) controls: Vec<OwnControl>,
    /// The figure in numbers.
    pub(crate) text: String,
    pub(crate) marked: bool,
    /// Seeds with a value, if some have none.
    pub(crate) seeds: String,
}

/// Control of one variant.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct OwnControl {
    /// Distance from the left, in percent.
    pub(crate) at: f64,
    /// Name and value.
    pub(crate) label: String,
    /// Index of the form of its line in [`FORMS`].
    pub(crate) form: usize,
}

/// Forms of the lines of controls of one variant, by the order of the controls.
const FORMS: [&str; 3] = ["thick", "dashed", "thin"];

/// Plots of the figures of a class.
pub(crate) fn interval_plots<'a>(
    data: &GroupData<'a>,
    columns: impl Iterator<Item = (usize, &'a Column)>,
) -> Vec<IntervalPlot> {
    columns.filter_map(|(_, column)| interval_plot(data, column)).collect()
}

/// The plot of a column; `None` if no variant has a value.
pub(crate) fn interval_plot(data: &GroupData<'_>, column: &Column) -> Option<IntervalPlot> {
    let figure = &column.figure;
    let mut found = data.with_value(figure);
    let own = found.iter().flat_map(|(_, summed)| summed.values.iter().copied().chain(ends(summed)));
    let axis = Axis::of(own)?;
    let mean = |summed: &FigureSummary| summed.spread.map_or(0.0, |spread| spread.mean);
    // The best mean first. The order is by means alone; marks are by verdicts.
    match figure.direction {
        Direction::Lower => found.sort_by(|a, b| mean(a.1).total_cmp(&mean(b.1))),
        Direction::Higher => found.sort_by(|a, b| mean(b.1).total_cmp(&mean(a.1))),
        Direction::Neither => {}
    }
    let controls: Vec<Vec<(String, f64)>> = found.iter().map(|(variant, _)| controls(variant, figure)).collect();
    let axis = extended(&found, &controls).unwrap_or(axis);
    let is_shared = |control: &(String, f64)| found.len() > 1 && controls.iter().all(|all| all.contains(control));
    let tick = |(label, value): &(String, f64)| Tick { at: axis.at(*value), label: control_words(label, *value) };
    let shared: Vec<&(String, f64)> = controls.first().into_iter().flatten().filter(|one| is_shared(one)).collect();
    let lines = shared.iter().filter(|(_, value)| axis.contains(*value)).map(|one| tick(one)).collect();
    let mut notes: Vec<String> = Vec::new();
    let outside: Vec<String> = shared
        .iter()
        .filter(|(_, value)| !axis.contains(*value))
        .map(|(label, value)| control_words(label, *value))
        .collect();
    if !outside.is_empty() {
        notes.push(format!("Outside of the scale: {}.", outside.join(", ")));
    }
    let mut own: Vec<&str> = Vec::new();
    for (label, _) in controls.iter().flatten().filter(|one| !is_shared(one) && axis.contains(one.1)) {
        if !own.contains(&label.as_str()) {
            own.push(label);
        }
    }
    if !own.is_empty() {
        let drawn = own.iter().enumerate().map(|(at, label)| format!("{label} ({})", FORMS[at % FORMS.len()]));
        let drawn: Vec<String> = if own.len() == 1 { vec![own[0].to_owned()] } else { drawn.collect() };
        notes.push(format!("Short lines: {} of each variant.", drawn.join(", ")));
    }
    notes.extend(without_value(data, column));
    let short_line = |control: &(String, f64)| OwnControl {
        at: axis.at(control.1),
        label: control_words(&control.0, control.1),
        form: own.iter().position(|label| *label == control.0).unwrap_or_default() % FORMS.len(),
    };
    let rows = found.iter().zip(&controls).map(|((variant, summed), controls)| {
        let own = controls.iter().filter(|one| !is_shared(one) && axis.contains(one.1));
        IntervalRow { controls: own.map(short_line).collect(), ..row(data, variant, summed, &axis) }
    });
    let rows = rows.collect();
    let head = heads(&column.label, figure, data.board.support.is_none());
    Some(IntervalPlot { head, ticks: axis.ticks(5), is_log: axis.is_log(), lines, rows, notes })
}

fn ends(summed: &FigureSummary) -> impl Iterator<Item = f64> {
    interval_of(summed).into_iter().flat_map(|(low, high)| [low, high])
}

/// The axis with controls at most one range away from the values.
fn extended(found: &[(&VariantSummary, &FigureSummary)], controls: &[Vec<(String, f64)>]) -> Option<Axis> {
    let own: Vec<f64> =
        found.iter().flat_map(|(_, summed)| summed.values.iter().copied().chain(ends(summed))).collect();
    let low = own.iter().copied().fold(f64::INFINITY, f64::min);
    let high = own.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let near = |value: &f64| (low - (high - low)..=high + (high - low)).contains(value);
    let controls = controls.iter().flatten().map(|(_, value)| *value).filter(near);
    Axis::of(own.iter().copied().chain(controls))
}

/// Label and mean of each control of a figure.
fn controls(variant: &VariantSummary, figure: &Figure) -> Vec<(String, f64)> {
    let all = variant.figures.iter().filter(|other| other.figure.is_control_of(figure));
    all.filter_map(|other| Some((other.figure.control.as_ref()?.label.clone(), other.spread?.mean))).collect()
}

fn control_words(label: &str, value: f64) -> String {
    let decimals = if value.fract() == 0.0 { 0 } else { digits_after_point(value, 3) };
    format!("{label} {}", grouped(&readable(value, decimals)))
}

fn row(data: &GroupData<'_>, variant: &VariantSummary, summed: &FigureSummary, axis: &Axis) -> IntervalRow {
    let mean = summed.spread.map_or(0.0, |spread| spread.mean);
    let interval = interval_of(summed).map(|(low, high)| {
        let (left, right) = (axis.at(low), axis.at(high));
        [left, ((right - left) * 100.0).round() / 100.0]
    });
    let (n, all) = (summed.values.len(), variant.trials.len());
    IntervalRow {
        style: data.style(variant),
        mean: axis.at(mean),
        interval,
        dots: summed.values.iter().map(|value| axis.at(*value)).collect(),
        controls: Vec::new(),
        text: data.cell_text(&variant.variant, &summed.figure).unwrap_or_default(),
        marked: data.marks.contains(&variant.variant, &summed.figure),
        seeds: if n == all { String::new() } else { format!("{n}/{all}") },
    }
}

/// Variants without a value, by reason.
fn without_value(data: &GroupData<'_>, column: &Column) -> Vec<String> {
    let Some(at) = data.board.columns.iter().position(|other| other.figure == column.figure) else { return Vec::new() };
    let mut reasons: Vec<(String, Vec<&str>)> = Vec::new();
    for (row, variant) in data.board.rows.iter().zip(&data.variants) {
        if figure_of(variant, &column.figure).is_some() {
            continue;
        }
        let note = row.cells[at].note.and_then(|note| data.board.notes.get(note - 1));
        let reason = note.cloned().unwrap_or_else(|| "no value".to_owned());
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, variants)) => variants.push(&row.variant),
            None => reasons.push((reason, vec![&row.variant])),
        }
    }
    reasons.into_iter().map(|(reason, variants)| format!("{}: {reason}.", variants.join(", "))).collect()
}
