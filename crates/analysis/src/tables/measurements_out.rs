//! `measurements.csv`: one row per figure and trial, absent figures included.

use std::io;

use protocol::{Control, Machine};

use super::schema::{Field, TableSchema};
use super::sheet::Sheet;
use crate::store::Record;
use crate::summary::{TrialState, compact, reason, value};

pub(super) fn schema() -> TableSchema {
    let mut fields = identity();
    fields.extend([
        Field::text("status", "How the trial ended; `not_run` if it has not ended."),
        Field::text("measurement", "Name of the figure."),
        Field::number("value", "Value of the figure; empty if it is absent."),
        Field::number("se", "Standard error of the value, over the images, draws or windows that it averages."),
        Field::integer("n", "Number of images, draws or windows behind the value."),
        Field::text("kind", "`exact`, `lower_bound`, `upper_bound` or `estimate`."),
        Field::text("unit", "Unit of `value` and `se`; `1` is a pure number."),
        Field::text("direction", "Better direction: `lower`, `higher` or `neither`."),
        Field::text("support", "`binary`, `N_levels` or `continuous`, where the figure depends on it."),
        Field::text("reason", "Reason why `value` is empty, or a remark on it."),
        Field::text("measure", "Measure that produced the figure."),
        Field::integer("measure_version", "Version of the measure."),
        Field::text("settings", "Settings of the measure, as JSON."),
        Field::boolean("volatile", "Whether `value` may differ between two runs of the same trial."),
    ]);
    fields.extend(machine());
    fields.extend(control());
    TableSchema { file: "measurements.csv", about: "One row per figure and trial.", fields }
}

/// First columns of every table of trials.
pub(super) fn identity() -> Vec<Field> {
    vec![
        Field::text("trial", "Id of the trial."),
        Field::text("variant", "Label of the variant."),
        Field::text("section", "Section of the report."),
        Field::text("model", "Name of the model."),
        Field::text(
            "data",
            "Name of the data set, with the settings that distinguish it from others of the same name.",
        ),
        Field::integer("seed", "Seed of the trial."),
    ]
}

/// Columns for the machine of a trial.
pub(super) fn machine() -> [Field; 3] {
    [
        Field::text("device", "Device that was used, or the planned one if the trial has not run.").volatile(true),
        Field::text("adapter", "Name of the adapter or of the processor.").volatile(true),
        Field::text("host", "Name of the machine.").volatile(true),
    ]
}

/// Columns for the control that a figure is.
pub(super) fn control() -> [Field; 2] {
    [
        Field::text("control_of", "Name of the figure that this control belongs to; empty for other figures."),
        Field::text(
            "control",
            "Kind of the control: `untrained`, `memoriser`, `prior`, `chance`, `baseline`, `real` or `ceiling`.",
        ),
    ]
}

pub(super) fn write_control(sheet: &mut Sheet, control: Option<&Control>) {
    sheet.maybe(control.map(|control| control.of.as_str())).shown(control.map(|control| control.kind));
}

pub(super) fn write_identity(sheet: &mut Sheet, record: &Record, data: &str) {
    let trial = &record.trial;
    sheet.text(&record.id.0).text(&trial.variant).maybe(trial.section.as_deref());
    sheet.text(&trial.model.name).text(data).shown(Some(trial.seed));
}

/// Writes the machine of the trial, or of a figure of the timing pass.
pub(super) fn write_machine(sheet: &mut Sheet, record: &Record, timed_on: Option<&Machine>) {
    let device = record.outcome.as_ref().and_then(|outcome| outcome.device.as_ref());
    let host = record.outcome.as_ref().map(|outcome| outcome.host.name.as_str());
    let adapter =
        |machine: &'_ Machine| if machine.adapter.is_empty() { machine.cpu.clone() } else { machine.adapter.clone() };
    let adapter = timed_on.map(adapter).or(device.map(|device| device.adapter.clone()));
    sheet.text(device.map_or(&record.trial.device, |device| &device.name));
    sheet.maybe(adapter.as_deref()).maybe(timed_on.map(|machine| machine.host.as_str()).or(host));
}

pub(super) fn csv(records: &[Record], data: &[String]) -> io::Result<Vec<u8>> {
    let mut sheet = Sheet::new(&schema().fields)?;
    for (record, data) in records.iter().zip(data) {
        let state = TrialState::of(record);
        for figure in &record.measurements {
            let value = value(figure);
            write_identity(&mut sheet, record, data);
            sheet.text(state.status).text(&figure.name).number(value);
            // An absent figure has no standard error.
            sheet.number(figure.se.filter(|_| value.is_some())).shown(figure.n);
            sheet.shown(Some(figure.kind)).shown(Some(figure.unit)).shown(Some(figure.direction));
            sheet.shown(figure.support).maybe(reason(figure)).text(&figure.measure);
            sheet.shown(Some(figure.version)).text(&compact(&figure.settings)).shown(Some(figure.volatile));
            write_machine(&mut sheet, record, figure.machine.as_deref());
            write_control(&mut sheet, figure.control.as_ref());
            sheet.end()?;
        }
    }
    sheet.finish()
}
