//! Primary figure of a group, and the marks of the other figures.

use super::OtherFigures;
use crate::report::group_data::GroupData;
use crate::report::variant_style::VariantStyle;
use crate::tables::{Class, Column};

/// The first of the figures `by` that is compared, else the first compared figure of quality, else the first one.
pub(super) fn primary<'a>(data: &GroupData<'a>, by: &[String]) -> Option<&'a Column> {
    let quality = || data.columns(Class::Quality).map(|(_, column)| column);
    let is_compared = |column: &&Column| !data.rows_of(&column.figure).is_empty();
    let named = quality().filter(|column| by.contains(&column.figure.name));
    let has_value = |column: &&Column| !data.with_value(&column.figure).is_empty();
    let chosen = named.chain(quality()).find(is_compared);
    chosen.or_else(|| quality().find(has_value))
}

/// Marks of the compared figures other than the primary one. Figures that mark the same variants share a line.
pub(super) fn others(data: &GroupData<'_>, primary: Option<&Column>) -> Vec<OtherFigures> {
    let mut all: Vec<OtherFigures> = Vec::new();
    for (_, column) in data.columns(Class::Quality) {
        let is_primary = primary.is_some_and(|primary| primary.figure == column.figure);
        if is_primary || data.rows_of(&column.figure).is_empty() {
            continue;
        }
        let best: Vec<VariantStyle> =
            data.marked(&column.figure).into_iter().map(|variant| data.style(variant)).collect();
        match all.iter_mut().find(|known| known.best == best) {
            Some(known) => known.figures.push(column.label.clone()),
            None => all.push(OtherFigures { figures: vec![column.label.clone()], best }),
        }
    }
    // Figures that mark no variant come last.
    all.sort_by_key(|figures| figures.best.is_empty());
    all
}
