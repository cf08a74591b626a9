//! Columns that `comparisons.csv` and `likelihood_comparisons.csv` share.

use super::schema::Field;
use super::sheet::Sheet;
use crate::compare::Comparison;

/// Data set of the two variants.
pub(super) fn data_field() -> Field {
    Field::text("data", "Name of the data set, with the settings that distinguish it from others of the same name.")
}

/// Seeds with and without a value.
pub(super) fn seed_fields() -> [Field; 4] {
    [
        Field::integer("n_seeds", "Number of seeds of the variant with a value."),
        Field::integer("n_baseline", "Number of seeds of the baseline with a value."),
        Field::integer("lost", "Number of seeds of the variant that ended without a value or with a collapsed model."),
        Field::integer(
            "lost_baseline",
            "Number of seeds of the baseline that ended without a value or with a collapsed model.",
        ),
    ]
}

/// Parts of the standard error over seeds.
pub(super) fn seed_error_fields() -> [Field; 2] {
    [
        Field::number(
            "se_variant",
            "Standard error of the effect over the seeds of the variant; over the pairs, if paired.",
        ),
        Field::number("se_baseline", "Standard error of the effect over the seeds of the baseline."),
    ]
}

/// Equivalence test.
pub(super) fn equivalence_field() -> Field {
    Field::number("p_equivalent", "Corrected p-value of the equivalence test: a difference of the margin or more.")
}

/// Verdict with its reason.
pub(super) fn verdict_fields() -> [Field; 2] {
    [
        Field::text("verdict", "`better`, `worse`, `equivalent` or `undecided`."),
        Field::text("reason", "Reason why the verdict is undecided, and remarks on the numbers."),
    ]
}

/// Cells of [`seed_fields`]. Without values, the numbers of seeds with one are empty.
pub(super) fn seed_cells(sheet: &mut Sheet, row: &Comparison, has_values: bool) {
    sheet.shown(has_values.then_some(row.seeds.0)).shown(has_values.then_some(row.seeds.1));
    sheet.shown(Some(row.lost.0)).shown(Some(row.lost.1));
}

/// Cells of the effect, its interval, the parts of its error, the error and its degrees of freedom.
pub(super) fn effect_cells(sheet: &mut Sheet, row: &Comparison) {
    sheet.number(row.effect).number(row.interval.map(|i| i.low)).number(row.interval.map(|i| i.high));
    let root = |part: Option<stats::Part>| part.map(|part| part.variance.sqrt());
    sheet.number(root(row.part_variant)).number(root(row.part_baseline)).number(row.se_test());
    sheet.shown(row.se_test().map(|_| row.images_paired)).number(row.se());
    sheet.number(row.difference.map(|difference| difference.degrees));
}

/// Cells of the p-values, the number of comparisons, the margin and the equivalence test.
pub(super) fn test_cells(sheet: &mut Sheet, row: &Comparison, has_values: bool) {
    sheet.number(row.p).number(row.p_holm);
    sheet.shown(has_values.then_some(row.family)).number(row.margin).number(row.p_equivalent);
}
