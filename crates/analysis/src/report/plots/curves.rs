//! Learning curves: one plot per quantity, with the mean and the range over seeds of each variant.
//!
//! All panels of a quantity share both axes. A panel holds at most six variants, so that bands remain visible.

mod lines;

use serde::Serialize;

use self::lines::{Lines, mean_and_range, thinned};
use super::axis::{Axis, Tick};
use super::down;
use crate::curve::{Curve, Split};
use crate::report::variant_style::VariantStyle;
use crate::tables::{digits_after_point, readable};

/// Largest number of variants in a panel.
const PER_PANEL: usize = 6;
/// Side of the square in which paths are drawn.
const SIDE: f64 = 1000.0;
/// Least distance of two keys, in percent of the height.
const KEY: f64 = 6.0;

/// Curves of one quantity.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CurvePlot {
    /// Quantity and split.
    pub(crate) title: String,
    pub(crate) unit: String,
    pub(crate) is_validation: bool,
    pub(crate) x_ticks: Vec<Tick>,
    pub(crate) y_ticks: Vec<Tick>,
    pub(crate) is_log: bool,
    pub(crate) panels: Vec<CurvePanel>,
    pub(crate) notes: Vec<String>,
}

/// Curves of some variants.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CurvePanel {
    pub(crate) series: Vec<CurveSeries>,
    /// Description of the panel for screen readers.
    pub(crate) alt: String,
}

/// Curves of one variant: paths in a square of side 1,000.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CurveSeries {
    pub(crate) style: VariantStyle,
    pub(crate) mean: String,
    /// Range over seeds; empty for one seed.
    pub(crate) band: String,
    /// End of the mean, in percent from the left and from the top.
    pub(crate) end: Option<[f64; 2]>,
    /// Height of the key at the end of the line, in percent from the top. Keys do not overlap.
    pub(crate) key_at: f64,
    /// Last finite points of seeds that diverged.
    pub(crate) diverged: Vec<[f64; 2]>,
    /// Last value of the mean.
    pub(crate) last: String,
}

/// Curves of a variant's trials.
pub(crate) struct VariantCurves<'a> {
    pub(crate) style: VariantStyle,
    pub(crate) curves: Vec<&'a Curve>,
}

/// One plot per quantity: validation first, then training.
pub(crate) fn curve_plots(variants: &[VariantCurves<'_>]) -> Vec<CurvePlot> {
    let mut plots = Vec::new();
    for split in [Split::Validation, Split::Train] {
        for quantity in quantities(variants, split) {
            plots.extend(plot(variants, split, &quantity));
        }
    }
    plots
}

fn quantities(variants: &[VariantCurves<'_>], split: Split) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (of, quantity, _) in variants.iter().flat_map(|variant| &variant.curves).flat_map(|curve| curve.0.keys()) {
        if *of == split && !found.contains(quantity) {
            found.push(quantity.clone());
        }
    }
    found
}

fn plot(variants: &[VariantCurves<'_>], split: Split, quantity: &str) -> Option<CurvePlot> {
    let mut units: Vec<String> = Vec::new();
    let mut longest_run = 1;
    let mut all: Vec<(&VariantStyle, Lines)> = Vec::new();
    for variant in variants {
        let lines: Lines = variant.curves.iter().map(|curve| line(curve, split, quantity, &mut units)).collect();
        let lines: Lines = lines.into_iter().filter(|line| !line.is_empty()).collect();
        if !lines.is_empty() {
            let (lines, run) = thinned(lines);
            longest_run = longest_run.max(run);
            all.push((&variant.style, lines));
        }
    }
    let points = || all.iter().flat_map(|(_, lines)| lines.iter().flatten()).copied();
    let x = Axis::exact(points().map(|(step, _)| step).chain([0.0]))?;
    let (range, is_clipped) = lines::visible(points().map(|(_, value)| value));
    let y = Axis::of(range)?;
    let panels = all.chunks(if all.len() > PER_PANEL + 2 { PER_PANEL } else { all.len().max(1) });
    let panels = panels.map(|part| panel(part, quantity, split, &x, &y)).collect();
    let mut notes = Vec::new();
    if longest_run > 1 {
        notes.push(format!("Points are means over up to {longest_run} records in a row."));
    }
    if is_clipped {
        notes.push("The axis omits points far from the others; curves.csv has them.".to_owned());
    }
    Some(CurvePlot {
        title: format!("{quantity}, {}", split.word()),
        unit: units.into_iter().filter(|unit| unit != "1").collect::<Vec<_>>().join(" or "),
        is_validation: split == Split::Validation,
        x_ticks: x.ticks(4),
        y_ticks: y.ticks(5).into_iter().map(|tick| Tick { at: down(tick.at), ..tick }).collect(),
        is_log: y.is_log(),
        panels,
        notes,
    })
}

fn line(curve: &Curve, split: Split, quantity: &str, units: &mut Vec<String>) -> Vec<(f64, f64)> {
    let from = (split, quantity.to_owned(), 0);
    let to = (split, quantity.to_owned(), u64::MAX);
    let points = curve.0.range(from..=to).map(|((.., step), point)| {
        if let Some(unit) = point.unit.as_ref().filter(|unit| !units.contains(unit)) {
            units.push(unit.clone());
        }
        (*step as f64, point.value)
    });
    points.collect()
}

fn panel(part: &[(&VariantStyle, Lines)], quantity: &str, split: Split, x: &Axis, y: &Axis) -> CurvePanel {
    let mut series: Vec<CurveSeries> = part.iter().map(|(style, lines)| series(style, lines, x, y)).collect();
    move_keys_apart(&mut series);
    let words = series.iter().map(|one| format!("{} {}: last mean {}", one.style.key, one.style.label, one.last));
    let words: Vec<String> = words.collect();
    CurvePanel { alt: format!("{quantity}, {}, against step. {}.", split.word(), words.join("; ")), series }
}

fn series(style: &VariantStyle, lines: &Lines, x: &Axis, y: &Axis) -> CurveSeries {
    let over_seeds = mean_and_range(lines);
    let at = |step: f64, value: f64| [x.at(step), down(y.at(value))];
    let scaled = |step: f64, value: f64| at(step, value).map(|percent| (percent * SIDE / 100.0).round() as i64);
    let mean = path(over_seeds.iter().map(|(step, mean, ..)| scaled(*step, *mean)));
    let upper = over_seeds.iter().map(|(step, _, _, high)| scaled(*step, *high));
    let lower = over_seeds.iter().rev().map(|(step, _, low, _)| scaled(*step, *low));
    let band = if lines.len() > 1 && over_seeds.len() > 1 { path(upper.chain(lower)) + "z" } else { String::new() };
    let end = over_seeds.last().map(|(step, mean, ..)| at(*step, *mean)).map(|[x, y]| [x, y.clamp(0.0, 100.0)]);
    let ends =
        lines.iter().flat_map(|line| line.windows(2).filter(|pair| pair[0].1.is_finite() && !pair[1].1.is_finite()));
    let diverged = ends.map(|pair| at(pair[0].0, pair[0].1)).map(|[x, y]| [x, y.clamp(0.0, 100.0)]).collect();
    let last = over_seeds
        .last()
        .map_or("not finite".to_owned(), |(_, mean, ..)| readable(*mean, digits_after_point(*mean, 4)));
    CurveSeries { style: style.clone(), mean, band, end, key_at: 0.0, diverged, last }
}

/// Sets the heights of the keys, at least [`KEY`] apart.
fn move_keys_apart(series: &mut [CurveSeries]) {
    let mut ends: Vec<(f64, usize)> =
        series.iter().enumerate().filter_map(|(at, one)| Some((one.end?[1], at))).collect();
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut above = -KEY;
    for (height, _) in &mut ends {
        *height = height.max(above + KEY);
        above = *height;
    }
    let mut below = 100.0 + KEY;
    for (height, at) in ends.into_iter().rev() {
        below = height.min(below - KEY);
        series[at].key_at = (below * 100.0).round() / 100.0;
    }
}

/// A path with relative steps, which are short in text.
fn path(points: impl Iterator<Item = [i64; 2]>) -> String {
    let mut text = String::new();
    let mut last: Option<[i64; 2]> = None;
    for [x, y] in points {
        match last {
            None => text += &format!("M{x} {y}l"),
            Some([from_x, from_y]) => {
                let (dx, dy) = (x - from_x, y - from_y);
                let gap = if text.ends_with('l') || dx < 0 { "" } else { " " };
                text += &format!("{gap}{dx}{}{dy}", if dy < 0 { "" } else { " " });
            }
        }
        last = Some([x, y]);
    }
    text.trim_end_matches('l').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_relative_steps() {
        assert_eq!(path([[0, 900], [10, 850], [20, 850], [15, 860]].into_iter()), "M0 900l10-50 10 0-5 10");
        assert_eq!(path([[3, 4]].into_iter()), "M3 4");
    }
}
