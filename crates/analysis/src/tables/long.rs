//! `measurements.csv`: a row for each figure of each trial, those that are not there included.

use std::io;

use super::csv_out::Sheet;
use super::schema::{Field, TableSchema};
use crate::store::Record;
use crate::summary::TrialState;
use crate::summary::{compact, reason, value};

pub(super) fn schema() -> TableSchema {
    let mut fields = identity();
    fields.extend([
        Field::text("status", "How the trial ended; `not_run` if it has not."),
        Field::text("measurement", "The figure's name."),
        Field::number("value", "The figure; empty if it is not there."),
        Field::number("se", "Its standard error over what it was averaged over."),
        Field::integer("n", "How many images, draws or windows it rests on."),
        Field::text("kind", "`exact`, `lower_bound`, `upper_bound` or `estimate`."),
        Field::text("unit", "The unit of `value` and `se`; `1` is a pure number."),
        Field::text("direction", "Which way is better: `lower`, `higher` or `neither`."),
        Field::text("support", "`binary`, `N_levels` or `continuous`, where the figure depends on it."),
        Field::text("reason", "Why `value` is empty, or a remark on it."),
        Field::text("measure", "The measure that produced it."),
        Field::integer("measure_version", "The measure's version."),
        Field::text("settings", "The measure's settings, as JSON."),
        Field::boolean("volatile", "Whether `value` may differ between two runs of the same trial."),
    ]);
    fields.extend(machine());
    TableSchema { file: "measurements.csv", about: "A row for each figure of each trial.", fields }
}

/// The columns with which every table of trials begins.
pub(super) fn identity() -> Vec<Field> {
    vec![
        Field::text("trial", "The trial's id."),
        Field::text("variant", "The variant's label."),
        Field::text("section", "Where it stands in the report."),
        Field::text("model", "The model's name."),
        Field::text("data", "The data set, with what tells it from others of its name."),
        Field::integer("seed", "The seed."),
    ]
}

/// The columns that say where a trial ran.
pub(super) fn machine() -> [Field; 3] {
    [
        Field::text("device", "The device used, else the one planned.").volatile(true),
        Field::text("adapter", "The adapter's name, or the processor's.").volatile(true),
        Field::text("host", "The machine's name.").volatile(true),
    ]
}

pub(super) fn write_identity(sheet: &mut Sheet, record: &Record, data: &str) {
    let trial = &record.trial;
    sheet.text(&record.id.0).text(&trial.variant).maybe(trial.section.as_deref());
    sheet.text(&trial.model.name).text(data).shown(Some(trial.seed));
}

pub(super) fn write_machine(sheet: &mut Sheet, record: &Record) {
    let device = record.outcome.as_ref().and_then(|outcome| outcome.device.as_ref());
    let host = record.outcome.as_ref().map(|outcome| outcome.host.name.as_str());
    sheet.text(device.map_or(&record.trial.device, |device| &device.name));
    sheet.maybe(device.map(|device| device.adapter.as_str())).maybe(host);
}

pub(super) fn csv(records: &[Record], data: &[String]) -> io::Result<Vec<u8>> {
    let mut sheet = Sheet::new(&schema().fields)?;
    for (record, data) in records.iter().zip(data) {
        let state = TrialState::of(record);
        for figure in &record.measurements {
            let value = value(figure);
            write_identity(&mut sheet, record, data);
            sheet.text(state.status).text(&figure.name).number(value);
            // A standard error of a figure that is not there would be a number about nothing.
            sheet.number(figure.se.filter(|_| value.is_some())).shown(figure.n);
            sheet.shown(Some(figure.kind)).shown(Some(figure.unit)).shown(Some(figure.direction));
            sheet.shown(figure.support).maybe(reason(figure)).text(&figure.measure);
            sheet.shown(Some(figure.version)).text(&compact(&figure.settings)).shown(Some(figure.volatile));
            write_machine(&mut sheet, record);
            sheet.end()?;
        }
    }
    sheet.finish()
}
