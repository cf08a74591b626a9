//! `comparisons.csv`: one row per figure and pair of compared variants, then one per figure and control.

use std::io;

use super::comparison_columns::{
    data_field, effect_cells, equivalence_field, seed_cells, seed_error_fields, seed_fields, test_cells, verdict_fields,
};
use super::schema::{Field, TableSchema};
use super::sheet::Sheet;
use crate::compare::Comparisons;

pub(super) fn schema() -> TableSchema {
    let mut fields = vec![
        Field::text("variant", "Label of the variant."),
        Field::text(
            "baseline",
            "Label of the variant that it is compared with; its own label in a comparison with a control.",
        ),
        Field::text("section", "Section of the variant in the report."),
        data_field(),
        Field::text("measurement", "Name of the figure; empty if one of the two variants has no finished trial."),
        Field::text("unit", "Unit of effect, interval, errors and margin; `1` is a pure number."),
        Field::text("kind", "`exact`, `lower_bound`, `upper_bound` or `estimate`; the same for both."),
        Field::text("direction", "Better direction: `lower` or `higher`."),
        Field::text("support", "`binary`, `N_levels` or `continuous`, where the figure depends on it."),
        Field::boolean("paired", "Whether trials with equal seeds are paired."),
    ];
    fields.extend(seed_fields());
    fields.extend([
        Field::number("effect", "Mean of the variant minus mean of the baseline, over seeds with a value."),
        Field::number(
            "ci95_low",
            "Lower end of the effect's 95% confidence interval, over seeds and test images, by Student's t.",
        ),
        Field::number("ci95_high", "Upper end of that interval."),
    ]);
    fields.extend(seed_error_fields());
    fields.extend([
        Field::number("se_test", "Standard error of the effect over test images, or over the draws of sample sets."),
        Field::boolean(
            "images_paired",
            "Whether `se_test` is computed from differences per image; if not, it treats the images of the two as different ones.",
        ),
        Field::number("se", "Standard error of the effect: the root of the sum of the squares of the three."),
        Field::number(
            "df",
            "Degrees of freedom of `se`, by Satterthwaite with more weight on parts with few degrees; `inf` if it is known exactly.",
        ),
        Field::number(
            "p",
            "Two-sided p-value of Welch's test of the effect with `se` and `df`; of Fisher's test for a rate.",
        ),
        Field::number(
            "p_holm",
            "The p-value after Holm's correction for all comparisons of the figure on the data set, or for all controls of the figure.",
        ),
        Field::integer("comparisons", "Number of comparisons in that correction."),
        Field::number("margin", "Largest difference that does not matter, from the grid's `compare`."),
        equivalence_field(),
        Field::number(
            "p_permutation",
            "Two-sided p-value of the permutation test over seeds; no verdict depends on it.",
        ),
        Field::number("p_permutation_best", "Smallest p-value that this test can reach with these numbers of seeds."),
    ]);
    fields.extend(verdict_fields());
    fields.extend([
        Field::text("settings", "Settings of the measure, as JSON."),
        Field::text(
            "control",
            "Name of the control's figure in a comparison with a control, such as `knn_pixels`; else empty.",
        ),
    ]);
    TableSchema {
        file: "comparisons.csv",
        about: "One row per figure and pair of compared variants, then one per figure and control.",
        fields,
    }
}

pub(super) fn csv(comparisons: &Comparisons) -> io::Result<Vec<u8>> {
    let mut sheet = Sheet::new(&schema().fields)?;
    for row in comparisons.rows.iter().chain(&comparisons.controls) {
        let figure = row.figure.as_ref();
        sheet.text(&row.variant).text(&row.baseline).maybe(row.section.as_deref()).text(&row.data);
        sheet.maybe(figure.map(|figure| figure.name.as_str())).shown(figure.map(|figure| figure.unit));
        sheet.shown(figure.map(|figure| figure.kind)).shown(figure.map(|figure| figure.direction));
        sheet.shown(figure.and_then(|figure| figure.support)).shown(Some(row.paired));
        seed_cells(&mut sheet, row, figure.is_some());
        effect_cells(&mut sheet, row);
        test_cells(&mut sheet, row, figure.is_some());
        sheet.number(row.tails.map(|tails| tails.two_sided())).number(row.reach);
        sheet.shown(Some(row.verdict)).text(&row.reason);
        sheet.maybe(figure.map(|figure| figure.settings.as_str()));
        sheet.maybe(row.control.as_ref().map(protocol::Control::name).as_deref()).end()?;
    }
    sheet.finish()
}
