//! `measurements.csv`: one row per figure and trial, absent figures included.

use std::io;

use protocol::Control;

use super::axes_out;
use super::origin_out::{build, machine, write_build, write_machine};
use super::schema::{Field, TableSchema};
use super::sheet::Sheet;
use crate::axes::Axes;
use crate::store::Record;
use crate::summary::{TrialState, compact, reason, value};

pub(super) fn schema(axes: &Axes) -> TableSchema {
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
    fields.extend(build());
    fields.extend(control());
    fields.extend(axes_out::fields(axes));
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

pub(super) fn csv(records: &[Record], data: &[String], axes: &Axes) -> io::Result<Vec<u8>> {
    let mut sheet = Sheet::new(&schema(axes).fields)?;
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
            write_build(&mut sheet, record);
            write_control(&mut sheet, figure.control.as_ref());
            axes_out::write(&mut sheet, axes, &record.trial.variant);
            sheet.end()?;
        }
    }
    sheet.finish()
}
