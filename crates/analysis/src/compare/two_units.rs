//! One quantity in two units: `bits_per_dim` is `nll` times a constant of the data set.

use protocol::Compare;

use super::comparison::Comparison;
use crate::summary::{Figure, VariantSummary};

/// Names of the two figures.
const NLL: &str = "nll";
const BITS: &str = "bits_per_dim";

/// The margin of a figure: its own, or that of the same quantity in the other unit.
pub(super) fn margin(variant: &VariantSummary, figure: &Figure, compare: &Compare) -> Option<f64> {
    if let Some(margin) = compare.margin.get(&figure.name) {
        return Some(*margin);
    }
    let other = match figure.name.as_str() {
        NLL => BITS,
        BITS => NLL,
        _ => return None,
    };
    let margin = compare.margin.get(other)?;
    Some(margin * scale(variant, figure, other)?)
}

/// Ratio of a figure to its double in the other unit.
fn scale(variant: &VariantSummary, figure: &Figure, other: &str) -> Option<f64> {
    let values = |summed: &crate::summary::FigureSummary| {
        summed.trials.iter().cloned().zip(summed.values.iter().copied()).find(|(_, value)| *value != 0.0)
    };
    let (id, ours) = values(variant.figures.iter().find(|summed| summed.figure == *figure)?)?;
    let double = variant.figures.iter().find(|summed| is_double(&summed.figure, figure, other))?;
    let at = double.trials.iter().position(|trial| *trial == id)?;
    let ratio = ours / double.values[at];
    (ratio.is_finite() && ratio > 0.0).then_some(ratio)
}

fn is_double(one: &Figure, figure: &Figure, name: &str) -> bool {
    let identity = |figure: &Figure| (figure.kind, figure.support, figure.settings.clone(), figure.version);
    one.name == name && one.control.is_none() && identity(one) == identity(figure)
}

/// Returns whether `row` repeats a comparison of `rows` in another unit: that of `bits_per_dim` beside that of `nll`.
pub(super) fn repeats(row: &Comparison, rows: &[Comparison]) -> bool {
    let Some(figure) = row.figure.as_ref().filter(|figure| figure.name == BITS) else { return false };
    let same = |other: &&Comparison| (&other.variant, &other.baseline) == (&row.variant, &row.baseline);
    rows.iter().filter(same).any(|other| other.figure.as_ref().is_some_and(|other| is_double(other, figure, NLL)))
}
