//! `likelihoods.csv`: log-likelihoods of all variants on one scale, on all images of an estimator and on the common ones.

use std::io;

use super::schema::{Field, TableSchema};
use super::sheet::Sheet;
use crate::compare::{LikelihoodRow, LikelihoodTable, LikelihoodValue};

pub(super) fn schema() -> TableSchema {
    let fields = vec![
        Field::text("variant", "Label of the variant."),
        Field::text("section", "Section of the variant in the report."),
        Field::text(
            "data",
            "Name of the data set, with the settings that distinguish it from others of the same name.",
        ),
        Field::text("support", "Support of the density: `binary`, `N_levels`, `continuous` or `real`."),
        Field::text("measurement", "Name of the figure that the value is from."),
        Field::text("estimator", "Estimator of the log-likelihood, such as `nll`, `elbo`, `iwae_50` or `ais`."),
        Field::text(
            "kind",
            "Relation to the log-likelihood: `exact`, `lower_bound`, `upper_bound` or `estimate`. An upper bound on the NLL is a lower bound here.",
        ),
        Field::text(
            "subset",
            "`own` (all images that the estimator took) or `common` (the first images of the test split, which every estimator of the section took).",
        ),
        Field::integer("n_images", "Number of test images behind the value."),
        Field::integer("n_seeds", "Number of seeds with a value."),
        Field::number("log_likelihood", "Mean log-likelihood of the images, over seeds; larger is better.")
            .unit("nats"),
        Field::number("ci95_low", "Lower end of its 95% confidence interval, over seeds and test images.").unit("nats"),
        Field::number("ci95_high", "Upper end of that interval.").unit("nats"),
        Field::number("se_seeds", "Standard error over seeds; empty for one seed and in closed form.").unit("nats"),
        Field::number("se_test", "Standard error over test images.").unit("nats"),
        Field::number("se", "Standard error over both; empty if one of them is unknown.").unit("nats"),
        Field::number("gap", "Mean distance of the bound from an upper bound, on images drawn from the model.")
            .unit("nats"),
        Field::number(
            "upper",
            "The bound plus its gap: an upper bound if the gap on test images is no larger than on images drawn from the model.",
        )
        .unit("nats"),
        Field::text(
            "reason",
            "Reason why `log_likelihood` is empty, or remarks on the value, such as the observation model that is added to a generator.",
        ),
        Field::text("settings", "Settings of the measure, as JSON."),
    ];
    TableSchema {
        file: "likelihoods.csv",
        about: "Two rows per variant and estimator of the log-likelihood: on all its images, and on the common images of the section.",
        fields,
    }
}

pub(super) fn csv(tables: &[LikelihoodTable]) -> io::Result<Vec<u8>> {
    let mut sheet = Sheet::new(&schema().fields)?;
    for table in tables {
        for row in &table.rows {
            add(&mut sheet, table, row, "own", Some(&row.own))?;
            add(&mut sheet, table, row, "common", row.common.as_ref())?;
        }
    }
    sheet.finish()
}

fn add(
    sheet: &mut Sheet,
    table: &LikelihoodTable,
    row: &LikelihoodRow,
    subset: &str,
    value: Option<&LikelihoodValue>,
) -> io::Result<()> {
    let mut remarks = row.remarks.clone();
    if value.is_none() {
        remarks.insert(0, NO_TERMS.to_owned());
    }
    sheet.text(&row.variant).maybe(table.section.as_deref()).text(&table.data).shown(table.support);
    sheet.text(&row.figure.name).text(&row.estimator).shown(Some(row.kind)).text(subset);
    sheet.shown(value.and_then(|value| value.images)).shown(value.map(|value| value.seeds));
    sheet.number(value.map(|value| value.mean));
    let interval = value.and_then(LikelihoodValue::interval);
    sheet.number(interval.map(|interval| interval.low)).number(interval.map(|interval| interval.high));
    let root = |part: Option<stats::Part>| part.map(|part| part.variance.sqrt());
    sheet.number(root(value.and_then(|value| value.part_seeds)));
    sheet.number(root(value.and_then(|value| value.part_images))).number(value.and_then(LikelihoodValue::se));
    sheet.number(value.and_then(|value| value.gap)).number(value.and_then(|value| value.upper));
    sheet.text(&remarks.join("; ")).text(&row.figure.settings).end()
}

/// Reason why a value on the common images is missing.
const NO_TERMS: &str = "no terms per image were kept, so that the value on the common images is unknown";
