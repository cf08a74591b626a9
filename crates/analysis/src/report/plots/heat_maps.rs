//! Heat maps: the primary figure over two numeric settings of the grid.

use serde::Serialize;

use super::slices::one_trial_each;
use crate::report::axes_of_grid::{GridPlane, planes};
use crate::report::group_data::{GroupData, figure_of};
use crate::report::variant_style::VariantStyle;
use crate::tables::{Column, exact, heads};

/// Number of shades in the style sheet.
const SHADES: f64 = 8.0;

/// Table of a figure over two settings.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct HeatMap {
    pub(crate) figure: [String; 3],
    pub(crate) model: String,
    /// Names of the settings of the rows and of the columns.
    pub(crate) names: [String; 2],
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<(String, Vec<Option<HeatCell>>)>,
}

/// Cell of one variant.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct HeatCell {
    pub(crate) style: VariantStyle,
    pub(crate) text: String,
    pub(crate) marked: bool,
    /// Shade from 0 for the smallest to 8 for the largest mean.
    pub(crate) shade: usize,
}

/// Heat maps of a figure over every pair of axes of the group.
pub(crate) fn heat_maps(data: &GroupData<'_>, column: &Column) -> Vec<HeatMap> {
    planes(&one_trial_each(data)).iter().filter_map(|plane| heat_map(data, column, plane)).collect()
}

fn heat_map(data: &GroupData<'_>, column: &Column, plane: &GridPlane) -> Option<HeatMap> {
    let mean = |label: &str| {
        let variant = data.variants.iter().find(|variant| variant.variant == label)?;
        Some((*variant, figure_of(variant, &column.figure)?.spread?.mean))
    };
    let means: Vec<f64> = plane.variants.iter().filter_map(|(_, label)| Some(mean(label)?.1)).collect();
    let low = means.iter().copied().reduce(f64::min)?;
    let high = means.iter().copied().reduce(f64::max)?;
    let shade = |mean: f64| if high > low { ((mean - low) / (high - low) * SHADES).round() as usize } else { 0 };
    let values = |at: usize| {
        let mut values: Vec<f64> = plane.variants.iter().map(|(values, _)| values[at]).collect();
        values.sort_by(f64::total_cmp);
        values.dedup();
        values
    };
    let cell = |row: f64, column_value: f64| {
        let (_, label) = plane.variants.iter().find(|(values, _)| *values == [row, column_value])?;
        let (variant, mean) = mean(label)?;
        Some(HeatCell {
            style: data.style(variant),
            text: data.cell_text(label, &column.figure)?,
            marked: data.marks.contains(label, &column.figure),
            shade: shade(mean),
        })
    };
    let (rows, columns) = (values(0), values(1));
    Some(HeatMap {
        figure: heads(&column.label, &column.figure, data.board.support.is_none()),
        model: plane.model.clone(),
        names: plane.names.clone(),
        rows: rows
            .iter()
            .map(|row| (exact(*row), columns.iter().map(|column| cell(*row, *column)).collect()))
            .collect(),
        columns: columns.iter().map(|column| exact(*column)).collect(),
    })
}
