//! Slices: a figure against a numeric setting of the grid.

use serde::Serialize;

use super::axis::{Axis, Tick};
use super::down;
use crate::report::axes_of_grid::{GridAxis, axes};
use crate::report::group_data::{GroupData, figure_of, interval_of};
use crate::report::variant_style::VariantStyle;
use crate::store::Record;
use crate::tables::{Column, heads};

/// Plot of a figure against one setting.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Slice {
    pub(crate) figure: [String; 3],
    /// Name of the setting.
    pub(crate) axis: String,
    pub(crate) is_log: bool,
    pub(crate) x_ticks: Vec<Tick>,
    pub(crate) y_ticks: Vec<Tick>,
    pub(crate) lines: Vec<SliceLine>,
}

/// Variants that differ in the setting only. Positions are percentages from the left and from the top.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct SliceLine {
    pub(crate) label: String,
    /// Path through the means in a square of side 100.
    pub(crate) path: String,
    pub(crate) points: Vec<SlicePoint>,
}

/// Point of one variant.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct SlicePoint {
    pub(crate) style: VariantStyle,
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) interval: Option<[f64; 2]>,
    /// Value of the setting, and the figure.
    pub(crate) text: String,
}

/// Slices of a figure along every axis of the group.
pub(crate) fn slices(data: &GroupData<'_>, column: &Column) -> Vec<Slice> {
    axes(&one_trial_each(data)).iter().filter_map(|axis| slice(data, column, axis)).collect()
}

/// The first trial of each variant of the group.
pub(super) fn one_trial_each<'a>(data: &GroupData<'a>) -> Vec<&'a protocol::Trial> {
    let is_here = |record: &&Record| data.variants.iter().any(|variant| variant.variant == record.trial.variant);
    let mut trials: Vec<&protocol::Trial> = Vec::new();
    for record in data.records.iter().filter(is_here) {
        if trials.iter().all(|known| known.variant != record.trial.variant) {
            trials.push(&record.trial);
        }
    }
    trials
}

/// Value of a setting, with the style, mean and interval of its variant.
type ValueOfSetting = (f64, (VariantStyle, f64, Option<(f64, f64)>));

fn slice(data: &GroupData<'_>, column: &Column, axis: &GridAxis) -> Option<Slice> {
    let figure = &column.figure;
    let summed = |label: &str| {
        let variant = data.variants.iter().find(|variant| variant.variant == label)?;
        let summed = figure_of(variant, figure)?;
        Some((data.style(variant), summed.spread?.mean, interval_of(summed)))
    };
    let with_values = |line: &crate::report::axes_of_grid::AxisLine| {
        let points: Vec<_> =
            line.variants.iter().filter_map(|(value, label)| summed(label).map(|found| (*value, found))).collect();
        (line.label.clone(), points)
    };
    let lines: Vec<_> = axis.lines.iter().map(with_values).filter(|(_, points)| points.len() > 1).collect();
    let all = || lines.iter().flat_map(|(_, points)| points);
    let x = Axis::of(all().map(|(value, _)| *value))?;
    let ends = |interval: &Option<(f64, f64)>| interval.map(|(low, high)| [low, high]).into_iter().flatten();
    let y = Axis::of(all().flat_map(|(_, (_, mean, interval))| [*mean].into_iter().chain(ends(interval))))?;
    let line = |(label, points): &(String, Vec<ValueOfSetting>)| {
        let mut path = String::new();
        let points = points.iter().map(|(value, (style, mean, interval))| {
            let (at, height) = (x.at(*value), down(y.at(*mean)));
            path += &format!("{}{at} {height}", if path.is_empty() { 'M' } else { 'L' });
            SlicePoint {
                x: at,
                y: height,
                interval: interval.map(|(low, high)| [down(y.at(high)), down(y.at(low))]),
                text: format!("{} = {value}: {}", axis.name, data.cell_text(&style.label, figure).unwrap_or_default()),
                style: style.clone(),
            }
        });
        let points = points.collect();
        SliceLine { label: label.clone(), points, path }
    };
    Some(Slice {
        figure: heads(&column.label, figure, data.board.support.is_none()),
        axis: axis.name.clone(),
        is_log: x.is_log(),
        x_ticks: x.ticks(5),
        y_ticks: y.ticks(5).into_iter().map(|tick| Tick { at: down(tick.at), ..tick }).collect(),
        lines: lines.iter().map(line).collect(),
    })
}
