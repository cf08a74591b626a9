//! Controls of figures, in words.

use super::{Column, Row};
use crate::summary::{FigureSummary, VariantSummary};
use crate::tables::number_format::{decimals, digits_after_point, is_plain, readable};

/// Mean of one control of a cell's figure.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CellControl {
    label: String,
    mean: f64,
    /// Number of decimals.
    decimals: usize,
}

impl CellControl {
    /// The control in words, such as `untrained 0.923`.
    pub(crate) fn words(&self) -> String {
        format!("{} {}", self.label, readable(self.mean, self.decimals))
    }

    /// The control in words, to three significant digits.
    fn short(&self) -> String {
        let decimals = if self.mean.fract() == 0.0 { 0 } else { digits_after_point(self.mean, 3) };
        format!("{} {}", self.label, readable(self.mean, decimals))
    }

    fn is_same(&self, other: &Self) -> bool {
        (&self.label, self.mean) == (&other.label, other.mean)
    }
}

/// Controls of `summed` that have a value, in the order in which they were measured.
pub(super) fn controls(variant: &VariantSummary, summed: &FigureSummary) -> Vec<CellControl> {
    let Some(spread) = summed.spread else { return Vec::new() };
    let of_figure = variant.figures.iter().filter(|other| other.figure.is_control_of(&summed.figure));
    let control = |other: &FigureSummary| {
        let mean = other.spread?.mean;
        let same_form = is_plain(spread.mean) && is_plain(mean);
        // Those of the figure, and two significant digits at least.
        let own = if same_form { decimals(&spread, summed.se_test) } else { 0 };
        let digits = own.max(digits_after_point(mean, 2));
        Some(CellControl { label: other.figure.control.as_ref()?.label.clone(), mean, decimals: digits })
    };
    of_figure.filter_map(control).collect()
}

/// Moves controls with one value in all rows that have the figure, at least two rows, from the cells to the column.
pub(super) fn lift_shared(columns: &mut [Column], rows: &mut [Row]) {
    for (index, column) in columns.iter_mut().enumerate() {
        let filled: Vec<usize> = (0..rows.len()).filter(|&row| rows[row].cells[index].text.is_some()).collect();
        let [first, others @ ..] = filled.as_slice() else { continue };
        if others.is_empty() {
            continue;
        }
        let has =
            |row: usize, control: &CellControl| rows[row].cells[index].controls.iter().any(|c| c.is_same(control));
        let candidates = rows[*first].cells[index].controls.iter();
        let shared: Vec<CellControl> =
            candidates.filter(|control| others.iter().all(|&row| has(row, control))).cloned().collect();
        for row in filled {
            rows[row].cells[index].controls.retain(|control| !shared.iter().any(|other| other.is_same(control)));
        }
        column.controls = shared.iter().map(CellControl::short).collect();
    }
}
