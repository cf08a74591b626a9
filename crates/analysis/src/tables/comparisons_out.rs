//! `comparisons.csv`: a row for each figure of each two variants that meet.

use std::io;

use super::csv_out::Sheet;
use super::schema::{Field, TableSchema};
use crate::compare::Comparison;

pub(super) fn schema() -> TableSchema {
    let fields = vec![
        Field::text("variant", "The variant's label."),
        Field::text("baseline", "The label of the variant that it is held against."),
        Field::text("section", "Where the variant stands in the report."),
        Field::text("data", "The data set, with what tells it from others of its name."),
        Field::text("measurement", "The figure's name; empty if one of the two has no trial that is done."),
        Field::text("unit", "The unit of effect, interval, errors and margin; `1` is a pure number."),
        Field::text("kind", "`exact`, `lower_bound`, `upper_bound` or `estimate`; the same for both."),
        Field::text("direction", "Which way is better: `lower` or `higher`."),
        Field::text("support", "`binary`, `N_levels` or `continuous`, where the figure depends on it."),
        Field::boolean("paired", "Whether trials of equal seed are pairs."),
        Field::integer("n_seeds", "Seeds of the variant with a value."),
        Field::integer("n_baseline", "Seeds of the baseline with a value."),
        Field::integer("lost", "Seeds of the variant that are over and have no value."),
        Field::integer("lost_baseline", "Seeds of the baseline that are over and have no value."),
        Field::number("effect", "The mean of the variant less that of the baseline, over seeds with a value."),
        Field::number("ci95_low", "The effect's 95% interval over seeds, by stratified bootstrap percentiles."),
        Field::number("ci95_high", "Its upper end."),
        Field::number("se_seeds", "The effect's standard error over seeds, on these test images."),
        Field::number("se_test", "The effect's standard error over test images, for these seeds."),
        Field::boolean("images_paired", "Whether `se_test` is of differences image by image; else it is too large."),
        Field::number("p", "The two-sided p-value of the permutation test over seeds."),
        Field::number("p_holm", "The same, corrected for all comparisons of the figure on the data set."),
        Field::integer("comparisons", "How many those are."),
        Field::number("p_best", "The smallest corrected p-value that so many seeds can reach."),
        Field::number("margin", "The difference that does not matter, from the grid's `compare`."),
        Field::number("p_equivalent", "The corrected p-value of a difference of the margin or more."),
        Field::text("verdict", "`better`, `worse`, `equivalent` or `undecided`."),
        Field::text("reason", "Why it is undecided, and remarks on the numbers."),
        Field::text("settings", "The measure's settings, as JSON."),
    ];
    TableSchema { file: "comparisons.csv", about: "A row for each figure of each two variants that meet.", fields }
}

pub(super) fn csv(rows: &[Comparison]) -> io::Result<Vec<u8>> {
    let mut sheet = Sheet::new(&schema().fields)?;
    for row in rows {
        let figure = row.figure.as_ref();
        sheet.text(&row.variant).text(&row.baseline).maybe(row.section.as_deref()).text(&row.data);
        sheet.maybe(figure.map(|figure| figure.name.as_str())).shown(figure.map(|figure| figure.unit));
        sheet.shown(figure.map(|figure| figure.kind)).shown(figure.map(|figure| figure.direction));
        sheet.shown(figure.and_then(|figure| figure.support)).shown(Some(row.paired));
        sheet
            .shown(figure.map(|_| row.seeds.0))
            .shown(figure.map(|_| row.seeds.1))
            .shown(Some(row.lost.0))
            .shown(Some(row.lost.1));
        sheet.number(row.effect).number(row.interval.map(|i| i.low)).number(row.interval.map(|i| i.high));
        sheet.number(row.se_seeds).number(row.se_test).shown(row.se_test.map(|_| row.images_paired));
        sheet.number(row.p()).number(row.p_holm);
        sheet.shown(figure.map(|_| row.family)).number(row.reach_holm).number(row.margin).number(row.p_equivalent);
        sheet.shown(Some(row.verdict)).text(&row.reason);
        sheet.maybe(figure.map(|figure| figure.settings.as_str())).end()?;
    }
    sheet.finish()
}
