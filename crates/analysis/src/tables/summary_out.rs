//! `summary.csv`: one row per figure and variant.

use std::io;

use stats::{Bootstrap, iqm};

use super::axes_out;
use super::measurements_out::{control, write_control};
use super::origin_out::{Origins, of_several};
use super::schema::{Field, TableSchema};
use super::sheet::Sheet;
use crate::axes::Axes;
use crate::results::Results;
use crate::summary::{FigureSummary, VariantSummary};

pub(super) fn schema(axes: &Axes) -> TableSchema {
    let fields = vec![
        Field::text("variant", "Label of the variant."),
        Field::text("section", "Section of the report."),
        Field::text("model", "Name of the model."),
        Field::text(
            "data",
            "Name of the data set, with the settings that distinguish it from others of the same name.",
        ),
        Field::text("measurement", "Name of the figure; empty if no trial of the variant is done."),
        Field::text("unit", "Unit of the numbers; `1` is a pure number."),
        Field::text("kind", "`exact`, `lower_bound`, `upper_bound` or `estimate`."),
        Field::text("direction", "Better direction: `lower`, `higher` or `neither`."),
        Field::text("support", "`binary`, `N_levels` or `continuous`, where the figure depends on it."),
        Field::integer("n_seeds", "Number of seeds with a value whose model did not collapse."),
        Field::number("mean", "Mean over seeds."),
        Field::number("sd", "Standard deviation over seeds, with n - 1; empty for one seed."),
        Field::number(
            "ci95_low",
            "Lower end of the mean's 95% confidence interval over seeds, by Student's t; exact for a rate of seeds, Wilson's for a share that is 0 or 1; else empty for one seed.",
        ),
        Field::number("ci95_high", "Upper end of that interval."),
        Field::number("iqm", "Interquartile mean over seeds; with fewer than four seeds, the mean."),
        Field::number(
            "iqm_ci95_low",
            "Lower end of its 95% confidence interval over seeds, by bootstrap percentiles; empty for one seed.",
        ),
        Field::number("iqm_ci95_high", "Upper end of that interval."),
        Field::number(
            "se_test",
            "Mean of the standard errors over test images; the spread of seeds is not part of it.",
        ),
        Field::integer("n", "Smallest number of images, draws or windows behind a value of the seeds."),
        Field::integer("failures", "Number of failed trials of the variant."),
        Field::integer(
            "collapsed",
            "Number of finished trials that the measure `collapse` classifies as collapsed; empty without that measure.",
        ),
        Field::number(
            "failure_rate",
            "Share of failed and collapsed trials among the ended ones; empty if none has ended.",
        ),
        Field::number("failure_rate_ci95_low", "Lower end of that share's exact 95% interval, by Clopper and Pearson."),
        Field::number("failure_rate_ci95_high", "Upper end of that interval."),
        Field::integer("not_run", "Number of trials of the variant without an outcome."),
        Field::text("reason", "Reason why the numbers are empty, or remarks on them."),
        Field::text("settings", "Settings of the measure, as JSON."),
        Field::boolean("volatile", "Whether the numbers may differ between two runs of the same trials."),
    ];
    let fields = fields.into_iter().chain(of_several()).chain(control()).chain(axes_out::fields(axes)).collect();
    TableSchema { file: "summary.csv", about: "One row per figure and variant, over its seeds.", fields }
}

pub(super) fn csv(results: &Results) -> io::Result<Vec<u8>> {
    let axes = results.axes();
    let mut sheet = Sheet::new(&schema(axes).fields)?;
    let origins = Origins::of(results.records());
    for variant in &results.summary().variants {
        for figure in &variant.figures {
            row(&mut sheet, variant, Some(figure), &origins, axes)?;
        }
        if variant.figures.is_empty() {
            row(&mut sheet, variant, None, &origins, axes)?;
        }
    }
    sheet.finish()
}

fn row(
    sheet: &mut Sheet,
    variant: &VariantSummary,
    summed: Option<&FigureSummary>,
    origins: &Origins<'_>,
    axes: &Axes,
) -> io::Result<()> {
    let figure = summed.map(|summed| &summed.figure);
    let spread = summed.and_then(|summed| summed.spread);
    let share = summed.and_then(FigureSummary::share_interval).map(|interval| (interval.low, interval.high));
    let interval = share.or(spread.and_then(|spread| spread.interval()));
    let values = summed.map(|summed| summed.values.as_slice()).unwrap_or_default();
    let middle = Bootstrap::default().interval_of_one(values, |sample| iqm(sample).unwrap_or(f64::NAN));
    let reasons = match summed {
        Some(summed) => summed.reasons.join("; "),
        None if variant.done() > 0 => "nothing was measured".to_owned(),
        None => variant.failures().join("; "),
    };
    sheet.text(&variant.variant).maybe(variant.section.as_deref()).text(&variant.model).text(&variant.data);
    sheet.maybe(figure.map(|figure| figure.name.as_str())).shown(figure.map(|figure| figure.unit));
    sheet.shown(figure.map(|figure| figure.kind)).shown(figure.map(|figure| figure.direction));
    sheet.shown(figure.and_then(|figure| figure.support)).shown(Some(spread.map_or(0, |spread| spread.n)));
    sheet.number(spread.map(|spread| spread.mean)).number(spread.and_then(|spread| spread.sd));
    sheet.number(interval.map(|interval| interval.0)).number(interval.map(|interval| interval.1));
    sheet.number(iqm(values)).number(middle.map(|middle| middle.low)).number(middle.map(|middle| middle.high));
    sheet.number(summed.and_then(|summed| summed.se_test)).shown(summed.and_then(|summed| summed.images));
    sheet.shown(Some(variant.failed())).shown(variant.collapsed()).number(variant.failure_rate());
    let rate = variant.failure_interval();
    sheet.number(rate.map(|rate| rate.low)).number(rate.map(|rate| rate.high));
    sheet.shown(Some(variant.not_run())).text(&reasons);
    sheet.maybe(figure.map(|figure| figure.settings.as_str())).shown(figure.map(|figure| figure.volatile));
    let all: Vec<_> = variant.trials.iter().map(|trial| &trial.id).collect();
    let behind = summed.map(|summed| &summed.trials).filter(|trials| !trials.is_empty());
    let behind = behind.map_or(all, |trials| trials.iter().collect());
    origins.write(sheet, behind.into_iter(), figure.and_then(|figure| figure.machine.as_deref()));
    write_control(sheet, figure.and_then(|figure| figure.control.as_ref()));
    axes_out::write(sheet, axes, &variant.variant);
    sheet.end()
}
