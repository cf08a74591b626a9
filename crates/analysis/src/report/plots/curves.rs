//! Learning curves: one plot per quantity, with the mean and the range over seeds of each variant.
//!
//! All panels of a quantity share both axes. A panel holds at most six variants, so that bands remain visible.

mod lines;
mod scales;
mod series;

use serde::Serialize;

use self::lines::{LinePoint, Lines, points_of, thinned};
use self::scales::{CurveScale, Progress, Scales};
use self::series::{CurveSeries, place_keys};
use super::down;
use crate::curve::{Curve, Split};
use crate::report::variant_style::VariantStyle;

/// Largest number of variants in a panel.
const PER_PANEL: usize = 6;

/// Curves of one quantity.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CurvePlot {
    /// Quantity and split.
    pub(crate) title: String,
    pub(crate) unit: String,
    pub(crate) is_validation: bool,
    /// Horizontal scales. The first one is drawn.
    pub(crate) x: Vec<CurveScale>,
    /// Vertical scales. The first one is drawn.
    pub(crate) y: Vec<CurveScale>,
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

/// Curves of a variant's trials.
pub(crate) struct VariantCurves<'a> {
    pub(crate) style: VariantStyle,
    /// Images of a step.
    pub(crate) batch: usize,
    pub(crate) curves: Vec<&'a Curve>,
}

/// Lines of a variant, with the images of a step.
type VariantLines<'a> = (&'a VariantStyle, f64, Lines);

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
    let mut all: Vec<VariantLines<'_>> = Vec::new();
    for variant in variants {
        let lines: Lines = variant.curves.iter().map(|curve| line(curve, split, quantity, &mut units)).collect();
        let lines: Lines = lines.into_iter().filter(|line| !line.is_empty()).collect();
        if !lines.is_empty() {
            let (lines, run) = thinned(lines, points_of(variants.len()));
            longest_run = longest_run.max(run);
            all.push((&variant.style, variant.batch as f64, lines));
        }
    }
    let values = || all.iter().flat_map(|(.., lines)| lines.iter().flatten()).map(|point| point.value);
    let (visible, is_clipped) = lines::visible(values());
    let all_positive = values().filter(|value| value.is_finite()).all(|value| value > 0.0);
    let progress: Vec<Progress> = all.iter().flat_map(|(_, batch, lines)| reached(lines, *batch)).collect();
    let scales = Scales::of(&progress, visible, all_positive)?;
    let panels = all.chunks(if all.len() > PER_PANEL + 2 { PER_PANEL } else { all.len().max(1) });
    let panels = panels.map(|part| panel(part, quantity, split, &scales)).collect();
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
        x: scales.x,
        y: scales.y,
        panels,
        notes,
    })
}

/// Step, images and time of every point.
fn reached(lines: &Lines, batch: f64) -> impl Iterator<Item = Progress> {
    let progress =
        move |point: &LinePoint| Progress { step: point.step, images: batch * point.step, seconds: point.seconds };
    lines.iter().flatten().map(progress)
}

fn line(curve: &Curve, split: Split, quantity: &str, units: &mut Vec<String>) -> Vec<LinePoint> {
    let from = (split, quantity.to_owned(), 0);
    let to = (split, quantity.to_owned(), u64::MAX);
    let points = curve.0.range(from..=to).map(|((.., step), point)| {
        if let Some(unit) = point.unit.as_ref().filter(|unit| !units.contains(unit)) {
            units.push(unit.clone());
        }
        LinePoint { step: *step as f64, seconds: point.train_s, value: point.value }
    });
    points.collect()
}

fn panel(part: &[VariantLines<'_>], quantity: &str, split: Split, scales: &Scales) -> CurvePanel {
    let series = part.iter().map(|(style, batch, lines)| CurveSeries::of(style, lines, *batch, scales));
    let mut series: Vec<CurveSeries> = series.collect();
    place_keys(&mut series);
    let words = series.iter().map(|one| format!("{} {}: last mean {}", one.style.key, one.style.label, one.last));
    let words: Vec<String> = words.collect();
    CurvePanel { alt: format!("{quantity}, {}, against step. {}.", split.word(), words.join("; ")), series }
}
