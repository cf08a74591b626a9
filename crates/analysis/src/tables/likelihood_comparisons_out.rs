//! `likelihood_comparisons.csv`: comparisons of variants on the log-likelihood and on its bounds.

use std::io;

use super::comparison_columns::{
    data_field, effect_cells, equivalence_field, seed_cells, seed_error_fields, seed_fields, test_cells, verdict_fields,
};
use super::schema::{Field, TableSchema};
use super::sheet::Sheet;
use crate::compare::LikelihoodTable;

pub(super) fn schema() -> TableSchema {
    let mut fields = vec![
        Field::text("variant", "Label of the variant."),
        Field::text("baseline", "Label of the variant that it is compared with."),
        Field::text("section", "Section of both variants in the report."),
        data_field(),
        Field::text("support", "Support of the densities: `binary`, `N_levels`, `continuous` or `real`."),
        Field::text(
            "scope",
            "`log_p` (the log-likelihood) or `bound` (a bound by one estimator at one budget, which need not order the log-likelihoods).",
        ),
        Field::text("measurement", "Figure of the variant."),
        Field::text(
            "end",
            "Its reading: `exact`, `lower_bound`, `upper_bound` or `bracket` (a lower bound plus its gap). Empty if nothing can be decided.",
        ),
        Field::text("measurement_baseline", "Figure of the baseline."),
        Field::text("end_baseline", "Its reading."),
        Field::integer(
            "n_images",
            "Number of test images of the comparison: the first ones of the split, which both figures took.",
        ),
    ];
    fields.extend(seed_fields());
    let nats = |name: &'static str, about: &'static str| Field::number(name, about).unit("nats");
    fields.extend([
        nats("effect", "End of the variant minus end of the baseline, on these images; larger is better."),
        nats("ci95_low", "Lower end of the effect's 95% confidence interval, over seeds and test images."),
        nats("ci95_high", "Upper end of that interval."),
    ]);
    fields.extend(seed_error_fields().map(|field| field.unit("nats")));
    fields.extend([
        nats("se_test", "Standard error of the effect over test images, and over the images of a gap."),
        Field::boolean("images_paired", "Whether `se_test` is computed from differences per image."),
        nats("se", "Standard error of the effect."),
        Field::number("df", "Degrees of freedom of `se`; `inf` if it is known exactly."),
        Field::integer("readings", "Number of pairs of ends from which this one, with the smallest p-value, was chosen."),
        Field::number(
            "p",
            "p-value: one-sided and multiplied by `readings` for `log_p`, which is two-sided between exact values; two-sided for `bound`.",
        ),
        Field::number("p_holm", "The p-value after Holm's correction for all comparisons of the section in this scope."),
        Field::integer("comparisons", "Number of comparisons in that correction."),
        nats("margin", "Largest difference that does not matter, from the grid's `compare`; for equal readings only."),
        equivalence_field(),
    ]);
    fields.extend(verdict_fields());
    fields.push(Field::text("assumption", "Assumption of a verdict that uses a `bracket`."));
    TableSchema {
        file: "likelihood_comparisons.csv",
        about: "One row per pair of compared variants of a section for the log-likelihood, and one per bound that both have.",
        fields,
    }
}

pub(super) fn csv(tables: &[LikelihoodTable]) -> io::Result<Vec<u8>> {
    let mut sheet = Sheet::new(&schema().fields)?;
    for table in tables {
        for compared in &table.comparisons {
            let (row, ends) = (&compared.row, compared.ends);
            let name = |figure: &Option<crate::summary::Figure>| figure.as_ref().map(|figure| figure.name.clone());
            let has_ends = ends.is_some();
            sheet.text(&row.variant).text(&row.baseline).maybe(row.section.as_deref()).text(&row.data);
            sheet.shown(table.support).shown(Some(&compared.scope));
            sheet.maybe(name(&row.figure).as_deref()).shown(ends.map(|(end, _)| end));
            sheet.maybe(name(&compared.baseline_figure).as_deref()).shown(ends.map(|(_, end)| end));
            sheet.shown(compared.images);
            seed_cells(&mut sheet, row, has_ends);
            effect_cells(&mut sheet, row);
            sheet.shown(has_ends.then_some(compared.readings));
            test_cells(&mut sheet, row, has_ends);
            sheet.shown(Some(row.verdict)).text(&row.reason).maybe(compared.assumption.as_deref()).end()?;
        }
    }
    sheet.finish()
}
