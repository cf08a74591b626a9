//! Panels of learning curves for a group of variants, one per quantity.

use std::collections::BTreeMap;

use serde::Serialize;

use super::svg::{Plot, Series};
use crate::curve::{Curve, Split};
use crate::store::Record;
use crate::tables::{exact, is_plain, readable};

/// Largest number of variants in a panel, the number of colours of the palette.
const PER_PANEL: usize = 8;
/// Largest number of points of a line; longer lines are averaged in runs.
const POINTS: usize = 200;

/// A picture with its legend.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Panel {
    /// SVG of the plot.
    pub(super) svg: String,
    /// Meaning of the letters.
    pub(super) legend: Vec<Legend>,
    /// Notes on the picture.
    pub(super) notes: Vec<String>,
}

/// Line of a legend.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Legend {
    pub(super) color: usize,
    pub(super) letter: String,
    pub(super) label: String,
    pub(super) trials: String,
}

/// Curves of a variant's trials.
pub(super) struct VariantCurves<'a> {
    pub(super) variant: &'a str,
    pub(super) trials: Vec<(&'a Record, &'a Curve)>,
}

/// Panels of a group; `id` must be unique to the group.
pub(super) fn panels(variants: &[VariantCurves<'_>], id: &str) -> Vec<Panel> {
    let mut panels = Vec::new();
    for quantity in quantities(variants) {
        // A variant keeps its letter and colour in every panel of the group.
        let shown: Vec<_> = variants.iter().enumerate().filter(|(_, variant)| has(variant, &quantity)).collect();
        for part in shown.chunks(PER_PANEL) {
            panels.push(panel(part, &quantity, &format!("{id}p{}", panels.len())));
        }
    }
    panels
}

/// Quantities of the curves, those of the validation split first.
fn quantities(variants: &[VariantCurves<'_>]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for split in [Split::Validation, Split::Train] {
        let keys = variants.iter().flat_map(|v| &v.trials).flat_map(|(_, curve)| curve.0.keys());
        for (_, quantity, _) in keys.filter(|(of, ..)| *of == split) {
            if !found.contains(quantity) {
                found.push(quantity.clone());
            }
        }
    }
    found
}

fn has(variant: &VariantCurves<'_>, quantity: &str) -> bool {
    variant.trials.iter().any(|(_, curve)| curve.0.keys().any(|(_, name, _)| name == quantity))
}

fn panel(variants: &[(usize, &VariantCurves<'_>)], quantity: &str, id: &str) -> Panel {
    let (mut plot, mut legend, mut notes) = (Plot::default(), Vec::new(), Vec::new());
    let (mut units, mut words, mut splits) = (Vec::new(), Vec::new(), Vec::new());
    for &(index, variant) in variants {
        let (letter, color) = (letter(index), index % PER_PANEL);
        for split in [Split::Validation, Split::Train] {
            let lines: Vec<Vec<(f64, f64)>> = variant
                .trials
                .iter()
                .map(|(_, curve)| line(curve, split, quantity, &mut units))
                .filter(|line| !line.is_empty())
                .collect();
            if lines.is_empty() {
                continue;
            }
            let (lines, run) = thinned(lines);
            if run > 1 {
                push_once(&mut notes, format!("Training points are means over {run} records in a row."));
            }
            let mean = mean(&lines);
            let shown = |y: f64| if is_plain(y) { exact((y * 1e4).round() / 1e4) } else { readable(y, 4) };
            let last = mean.last().map_or_else(|| "not finite".to_owned(), |(_, y)| shown(*y));
            words.push(format!("{letter} {} {}: last {last}", variant.variant, split.word()));
            push_once(&mut splits, split.word().to_owned());
            let dashed = split == Split::Train;
            // The dashed line carries no letter if the variant has a solid line.
            let lettered = !dashed || plot.series.last().is_none_or(|last| last.letter != letter);
            let letter = if lettered { letter.clone() } else { String::new() };
            plot.series.push(Series { color, letter, dashed, seeds: lines, mean });
        }
        let trials: Vec<_> = variant.trials.iter().map(|(record, _)| record.id.0.as_str()).collect();
        legend.push(Legend { color, letter, label: variant.variant.to_owned(), trials: trials.join(", ") });
    }
    let splits = if splits.len() > 1 { "validation, dashed: train".to_owned() } else { splits.concat() };
    plot.title = format!("{quantity}, {splits}");
    if !units.is_empty() {
        plot.title += &format!(" ({})", units.join(" or "));
    }
    plot.alt = format!("{} against step. {}.", plot.title, words.join("; "));
    if plot.clipped() {
        notes.push("The axis omits points far from the others; curves.csv has them.".to_owned());
    }
    Panel { svg: plot.svg(id), legend, notes }
}

fn line(curve: &Curve, split: Split, quantity: &str, units: &mut Vec<String>) -> Vec<(f64, f64)> {
    let from = (split, quantity.to_owned(), 0);
    let to = (split, quantity.to_owned(), u64::MAX);
    let points = curve.0.range(from..=to).map(|((.., step), point)| {
        if let Some(unit) = &point.unit {
            push_once(units, unit.clone());
        }
        (*step as f64, point.value)
    });
    points.collect()
}

/// Shortens lines to at most [`POINTS`] points, by means over runs of equal length. Returns the length of a run as well.
fn thinned(lines: Vec<Vec<(f64, f64)>>) -> (Vec<Vec<(f64, f64)>>, usize) {
    let run = lines.iter().map(Vec::len).max().unwrap_or_default().div_ceil(POINTS).max(1);
    if run == 1 {
        return (lines, 1);
    }
    let over = |part: &[(f64, f64)]| {
        let n = part.len() as f64;
        (part.iter().map(|point| point.0).sum::<f64>() / n, part.iter().map(|point| point.1).sum::<f64>() / n)
    };
    (lines.into_iter().map(|line| line.chunks(run).map(over).collect()).collect(), run)
}

/// Mean over seeds, at the steps at which every seed has a finite value. A mean over a changing set of seeds would jump
/// where one ends.
fn mean(lines: &[Vec<(f64, f64)>]) -> Vec<(f64, f64)> {
    let mut at: BTreeMap<u64, (usize, f64, f64)> = BTreeMap::new();
    for (step, value) in lines.iter().flatten().filter(|(_, value)| value.is_finite()) {
        let sum = at.entry(step.to_bits()).or_insert((0, *step, 0.0));
        *sum = (sum.0 + 1, *step, sum.2 + value);
    }
    let whole = at.into_values().filter(|(n, ..)| *n == lines.len());
    whole.map(|(n, step, sum)| (step, sum / n as f64)).collect()
}

/// `a` to `z`, then `aa` and so on.
fn letter(index: usize) -> String {
    let last = char::from(b'a' + u8::try_from(index % 26).unwrap_or_default());
    if index < 26 { last.to_string() } else { format!("{}{last}", letter(index / 26 - 1)) }
}

fn push_once(texts: &mut Vec<String>, text: String) {
    if !texts.contains(&text) {
        texts.push(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_covers_the_steps_of_all_seeds() {
        let lines =
            [vec![(0.0, 1.0), (1.0, 2.0), (2.0, f64::NAN)], vec![(0.0, 3.0), (1.0, 4.0), (2.0, 5.0), (3.0, 6.0)]];
        assert_eq!(mean(&lines), [(0.0, 2.0), (1.0, 3.0)]);
    }

    #[test]
    fn letters_continue_after_z() {
        assert_eq!([0, 25, 26, 51, 52].map(letter), ["a", "z", "aa", "az", "ba"]);
    }

    #[test]
    fn long_lines_are_averaged_in_runs() {
        let (lines, run) = thinned(vec![(0..1000).map(|step| (f64::from(step), 1.0)).collect()]);
        assert_eq!((lines[0].len(), run, lines[0][0]), (200, 5, (2.0, 1.0)));
    }
}
