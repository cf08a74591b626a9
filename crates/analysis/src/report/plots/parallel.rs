//! Parallel coordinates: settings of the grid and figures as vertical axes, one line per variant.

mod scale;
#[cfg(test)]
mod tests;

use protocol::Direction;
use serde::Serialize;

use self::scale::Scale;
use super::axis::Tick;
use super::keys::apart;
use super::slices::one_trial_each;
use crate::report::grid_settings::{GridSetting, grid_settings};
use crate::report::group_data::{GroupData, figure_of};
use crate::report::variant_style::VariantStyle;
use crate::summary::VariantSummary;
use crate::tables::{Class, Column};

/// Number of settings from which a slice or heat map cannot show all of them.
const SETTINGS: usize = 3;
/// Number of variants from which two settings are enough.
const MANY: usize = 12;
/// Least number of variants of a plot.
const LEAST: usize = 5;
/// Largest number of axes of settings, and of figures.
const MOST: (usize, usize) = (5, 4);
/// Largest number of values of a setting: more have no room for their names.
const VALUES: usize = 12;
/// Least distance of two keys, in pixels.
const KEY: usize = 15;
/// Height of the plot for each variant, in pixels: the keys at a setting with values of equal share need no shift.
const LINE: usize = 18;

/// Plot of all variants of a group with a value of the primary figure.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ParallelPlot {
    pub(crate) axes: Vec<ParallelAxis>,
    pub(crate) lines: Vec<ParallelLine>,
    /// Height in pixels.
    pub(crate) height: usize,
    pub(crate) notes: Vec<String>,
}

/// One vertical axis. Positions are percentages of the plot.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ParallelAxis {
    /// Distance from the left.
    pub(crate) at: f64,
    /// Name with the better direction, unit, kind with support; the name alone for a setting.
    pub(crate) head: [String; 3],
    pub(crate) is_setting: bool,
    pub(crate) is_log: bool,
    /// Ticks, from the top.
    pub(crate) ticks: Vec<Tick>,
}

/// Line of one variant.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ParallelLine {
    pub(crate) style: VariantStyle,
    /// Path in a square of side 100, with a gap at an axis without a value.
    pub(crate) path: String,
    /// Distances from the left and from the top.
    pub(crate) points: Vec<[f64; 2]>,
    /// Heights of the keys at the first and at the last point.
    pub(crate) keys: [f64; 2],
    pub(crate) marked: bool,
    /// Settings and figures in words.
    pub(crate) text: String,
}

/// The plot of a group; `None` if slices and heat maps say as much.
pub(crate) fn parallel_plot(data: &GroupData<'_>, primary: &Column) -> Option<ParallelPlot> {
    let trials = one_trial_each(data);
    let mean = |variant: &VariantSummary, column: &Column| Some(figure_of(variant, &column.figure)?.spread?.mean);
    // Best mean first: the order of the lines through one value of a setting.
    let mut shown: Vec<(&VariantSummary, f64)> =
        data.variants.iter().filter_map(|variant| Some((*variant, mean(variant, primary)?))).collect();
    match primary.figure.direction {
        Direction::Higher => shown.sort_by(|a, b| b.1.total_cmp(&a.1)),
        Direction::Lower | Direction::Neither => shown.sort_by(|a, b| a.1.total_cmp(&b.1)),
    }
    let variants: Vec<&VariantSummary> = shown.into_iter().map(|(variant, _)| variant).collect();
    let of = |variant: &&VariantSummary| trials.iter().find(|trial| trial.variant == variant.variant).copied();
    let trials: Vec<&protocol::Trial> = variants.iter().filter_map(of).collect();
    let (drawn, other): (Vec<GridSetting>, Vec<GridSetting>) =
        grid_settings(&trials).into_iter().partition(|setting| setting.distinct().len() <= VALUES);
    let is_large = drawn.len() >= SETTINGS || (drawn.len() + 1 >= SETTINGS && variants.len() >= MANY);
    if !is_large || variants.len() < LEAST || trials.len() < variants.len() {
        return None;
    }
    let omitted = drawn.iter().skip(MOST.0).chain(&other).map(|setting| setting.name.clone()).collect();
    let mut scales: Vec<Scale> = drawn.iter().take(MOST.0).map(Scale::of_setting).collect();
    let compared = data.columns(Class::Quality).map(|(_, column)| column);
    let compared = compared.filter(|one| one.figure != primary.figure && !data.rows_of(&one.figure).is_empty());
    let figures = [primary].into_iter().chain(compared).take(MOST.1);
    scales.extend(figures.filter_map(|column| Scale::of_figure(data, column, &variants)));
    let count = scales.len();
    for (at, scale) in scales.iter_mut().enumerate() {
        scale.axis.at = ((at as f64 + 0.5) / count as f64 * 1e4).round() / 100.0;
    }
    let height = 260.max(LINE * (variants.len() + 2));
    Some(ParallelPlot {
        lines: lines(data, primary, &variants, &scales, height),
        notes: notes(data, &variants, primary, omitted),
        axes: scales.into_iter().map(|scale| scale.axis).collect(),
        height,
    })
}

fn lines(
    data: &GroupData<'_>,
    primary: &Column,
    variants: &[&VariantSummary],
    scales: &[Scale],
    height: usize,
) -> Vec<ParallelLine> {
    let line = |(at, variant): (usize, &&VariantSummary)| {
        let (mut path, mut points, mut was_there) = (String::new(), Vec::new(), false);
        for scale in scales {
            let point = scale.heights[at].map(|height| [scale.axis.at, height]);
            if let Some([x, y]) = point {
                path += &format!("{}{x} {y}", if was_there { 'L' } else { 'M' });
                points.push([x, y]);
            }
            was_there = point.is_some();
        }
        ParallelLine {
            style: data.style(variant),
            path,
            points,
            keys: [0.0; 2],
            marked: data.marks.contains(&variant.variant, &primary.figure),
            text: scales.iter().map(|scale| scale.texts[at].as_str()).collect::<Vec<_>>().join(", "),
        }
    };
    let mut lines: Vec<ParallelLine> = variants.iter().enumerate().map(line).collect();
    let gap = 100.0 * KEY as f64 / height as f64;
    for end in 0..2 {
        let point = |line: &ParallelLine| if end == 0 { line.points.first() } else { line.points.last() }.copied();
        // Keys at one axis keep their distance.
        for scale in scales {
            let here = |line: &ParallelLine| point(line).filter(|[x, _]| *x == scale.axis.at);
            let members: Vec<usize> = (0..lines.len()).filter(|at| here(&lines[*at]).is_some()).collect();
            let ends: Vec<f64> = members.iter().filter_map(|at| Some(here(&lines[*at])?[1])).collect();
            for (at, height) in members.into_iter().zip(apart(&ends, gap)) {
                lines[at].keys[end] = height;
            }
        }
    }
    lines
}

fn notes(data: &GroupData<'_>, shown: &[&VariantSummary], primary: &Column, omitted: Vec<String>) -> Vec<String> {
    let mut notes = Vec::new();
    let is_shown = |variant: &&&VariantSummary| shown.iter().any(|one| one.variant == variant.variant);
    let without: Vec<&str> =
        data.variants.iter().filter(|variant| !is_shown(variant)).map(|variant| variant.variant.as_str()).collect();
    if !without.is_empty() {
        notes.push(format!("Without a value of {}, and not drawn: {}.", primary.label, without.join(", ")));
    }
    if !omitted.is_empty() {
        notes.push(format!("Settings without an axis here: {}.", omitted.join(", ")));
    }
    notes
}
