//! One group of the page: variants of a section on one data set, with their comparisons and styles.

use protocol::{Pairs, Unit};

use super::variant_style::{VariantStyle, VariantStyles};
use crate::compare::{Comparison, Comparisons, Marks};
use crate::results::Results;
use crate::store::Record;
use crate::summary::{Figure, FigureSummary, VariantSummary};
use crate::tables::{Class, Column, Group};

/// Input of everything that the page shows of a group.
pub(super) struct GroupData<'a> {
    pub(super) board: &'a Group,
    /// Variants, in the order of the rows of `board`.
    pub(super) variants: Vec<&'a VariantSummary>,
    pub(super) comparisons: &'a Comparisons,
    pub(super) marks: &'a Marks,
    pub(super) styles: &'a VariantStyles,
    /// Records of the whole grid.
    pub(super) records: &'a [Record],
}

impl<'a> GroupData<'a> {
    /// The group of a board of `results`.
    pub(super) fn of(results: &'a Results, board: &'a Group, styles: &'a VariantStyles, marks: &'a Marks) -> Self {
        let summaries = &results.summary().variants;
        let variants = board.rows.iter().filter_map(|row| summaries.iter().find(|one| one.variant == row.variant));
        Self {
            board,
            variants: variants.collect(),
            comparisons: results.comparisons(),
            marks,
            styles,
            records: results.records(),
        }
    }

    /// Columns of a class, with their indices.
    pub(super) fn columns(&self, class: Class) -> impl DoubleEndedIterator<Item = (usize, &'a Column)> {
        self.board.columns.iter().enumerate().filter(move |(_, column)| column.class == class)
    }

    /// The variants that have a value of `figure`.
    pub(super) fn with_value(&self, figure: &Figure) -> Vec<(&'a VariantSummary, &'a FigureSummary)> {
        let found = |variant: &&'a VariantSummary| Some((*variant, figure_of(variant, figure)?));
        self.variants.iter().filter_map(found).collect()
    }

    /// Comparisons of `figure` in which both variants belong to the group.
    pub(super) fn pairs_of(&self, figure: &Figure) -> Vec<&'a Comparison> {
        let is_here = |label: &str| self.variants.iter().any(|variant| variant.variant == label);
        let of_figure = |row: &&Comparison| row.data == self.board.data && row.figure.as_ref() == Some(figure);
        let rows = self.comparisons.rows.iter().filter(of_figure);
        rows.filter(|row| is_here(&row.variant) && is_here(&row.baseline)).collect()
    }

    /// Comparisons of `figure` with at least one variant of the group. A baseline may be in another section.
    pub(super) fn rows_of(&self, figure: &Figure) -> Vec<&'a Comparison> {
        let is_here = |label: &str| self.variants.iter().any(|variant| variant.variant == label);
        let of_figure = |row: &&Comparison| row.data == self.board.data && row.figure.as_ref() == Some(figure);
        let rows = self.comparisons.rows.iter().filter(of_figure);
        let all = self.comparisons.pairs == Pairs::All;
        rows.filter(|row| is_here(&row.variant) || (all && is_here(&row.baseline))).collect()
    }

    /// Marked variants of `figure` in the group.
    pub(super) fn marked(&self, figure: &Figure) -> Vec<&'a VariantSummary> {
        self.variants.iter().filter(|variant| self.marks.contains(&variant.variant, figure)).copied().collect()
    }

    pub(super) fn style(&self, variant: &VariantSummary) -> VariantStyle {
        self.styles.get(&variant.variant)
    }

    /// Text of a cell, such as `19.6 ± 0.2`; `None` without a value.
    pub(super) fn cell_text(&self, variant: &str, figure: &Figure) -> Option<String> {
        let column = self.board.columns.iter().position(|column| column.figure == *figure)?;
        let row = self.board.rows.iter().find(|row| row.variant == variant)?;
        Some(grouped(row.cells[column].text.as_deref()?))
    }
}

/// A variant's figure with a value.
pub(super) fn figure_of<'a>(variant: &'a VariantSummary, figure: &Figure) -> Option<&'a FigureSummary> {
    variant.figures.iter().find(|summed| summed.figure == *figure && summed.spread.is_some())
}

/// Ends of the interval of a figure: that of a rate or share, else that of the mean.
pub(super) fn interval_of(summed: &FigureSummary) -> Option<(f64, f64)> {
    let share = summed.share_interval().map(|interval| (interval.low, interval.high));
    share.or_else(|| summed.spread.and_then(|spread| spread.interval()))
}

/// Unit after a number; empty for a pure number and a count.
pub(crate) fn unit_text(unit: Unit) -> String {
    match unit {
        Unit::One | Unit::Count => String::new(),
        unit => unit.to_string().replace("_per_", "/"),
    }
}

/// Adds thousands separators to every number of at least five digits before its point.
pub(crate) fn grouped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 4);
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, number) = rest.split_at(start);
        out.push_str(before);
        let digits = number.bytes().take_while(u8::is_ascii_digit).count();
        // The digits after a point, and those in a word such as a hash, are not grouped.
        let is_number = !before.ends_with(|c: char| c == '.' || c.is_alphanumeric());
        for (at, digit) in number[..digits].chars().enumerate() {
            if is_number && digits > 4 && at > 0 && (digits - at) % 3 == 0 {
                out.push(',');
            }
            out.push(digit);
        }
        rest = &number[digits..];
        if let Some(fraction) = rest.strip_prefix('.') {
            let length = fraction.bytes().take_while(u8::is_ascii_digit).count();
            out.push_str(&rest[..=length]);
            rest = &rest[length + 1..];
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_numbers_have_separators() {
        let all = ["243527.8 ± 12345.25", "1234", "0.123456", "c0de12345", "≥ -12345", "1.25e12345", "[10000, 20000]"];
        assert_eq!(
            all.map(grouped),
            ["243,527.8 ± 12,345.25", "1234", "0.123456", "c0de12345", "≥ -12,345", "1.25e12345", "[10,000, 20,000]"]
        );
    }
}
