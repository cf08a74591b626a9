//! `trials.csv`: one row per trial of the plan, with a column for each figure found.

use std::collections::HashMap;
use std::io;

use protocol::{Measurement, Unit};

use super::axes_out;
use super::measurements_out::{identity, write_identity};
use super::origin_out::{build, machine, write_machine};
use super::schema::{Field, FieldType, TableSchema};
use super::sheet::Sheet;
use crate::axes::Axes;
use crate::store::Record;
use crate::summary::{Figure, TrialState, figure_labels, reason, value};

/// Column of a figure that a trial has.
pub(super) struct FigureColumn {
    figure: Figure,
    label: String,
    has_se: bool,
    has_n: bool,
}

/// Columns of the figures: first those with a value in some trial, in order of appearance, then those without.
pub(super) fn figure_columns(records: &[Record]) -> Vec<FigureColumn> {
    let mut figures: Vec<(Figure, bool, bool)> = Vec::new();
    let mut index = HashMap::new();
    let all = || records.iter().flat_map(|record| record.measurements.iter().map(move |one| (one, record)));
    for (measurement, record) in all().filter(|(one, _)| value(one).is_some()) {
        let figure = Figure::of_record(measurement, record);
        let at = *index.entry(figure.clone()).or_insert_with(|| {
            figures.push((figure, false, false));
            figures.len() - 1
        });
        figures[at].1 |= measurement.se.is_some();
        figures[at].2 |= measurement.n.is_some();
    }
    for (measurement, record) in all().filter(|(one, _)| value(one).is_none()) {
        if figures.iter().all(|(figure, ..)| figure.name != measurement.name) {
            figures.push((Figure::of_record(measurement, record), false, false));
        }
    }
    let labels = figure_labels(&figures.iter().map(|(figure, ..)| figure.clone()).collect::<Vec<_>>());
    let column = |((figure, has_se, has_n), label)| FigureColumn { figure, label, has_se, has_n };
    figures.into_iter().zip(labels).map(column).collect()
}

/// Builds a header from a label and a unit: `nll_nats`, `iwae_50_se_nats`, `fid_proxy_n_100`.
fn header(label: &str, infix: &str, unit: Unit) -> String {
    let mut name: String = label.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    while name.contains("__") {
        name = name.replace("__", "_");
    }
    let name = name.trim_matches('_');
    let unit = match unit {
        Unit::One | Unit::Count => String::new(),
        unit => unit.to_string().to_lowercase(),
    };
    if unit.is_empty() || (infix.is_empty() && (name == unit || name.ends_with(&format!("_{unit}")))) {
        format!("{name}{infix}")
    } else {
        format!("{name}{infix}_{unit}")
    }
}

fn field(column: &FigureColumn, infix: &str, about: &str) -> Field {
    let unit = column.figure.unit;
    Field::number(header(&column.label, infix, unit), format!("{about} `{}`.", column.label))
        .unit(unit.to_string())
        .volatile(column.figure.volatile)
}

/// Renames the column of a figure that has the name of another column.
fn unique(mut field: Field, others: &[Field]) -> Field {
    while field.name == "absent" || others.iter().any(|other| other.name == field.name) {
        field.name = format!("{}_measured", field.name).into();
    }
    field
}

pub(super) fn schema(axes: &Axes, columns: &[FigureColumn]) -> TableSchema {
    let mut fields = identity();
    fields.extend([
        Field::text("status", "`done`, `not_run`, `unreadable`, or how the trial failed."),
        Field::text("reason", "Reason why the trial is not done."),
        Field::integer("steps", "Number of optimisation steps done."),
        Field::integer("kept_step", "Step whose state was measured."),
        Field::integer("parameters", "Number of free parameters.").unit("count"),
        Field::number("train_s", "Time of optimisation alone, over all attempts.").unit("s").volatile(true),
        Field::integer("attempts", "Number of workers started for the trial.").volatile(true),
    ]);
    fields.extend(machine());
    fields.push(Field::integer("threads", "Number of threads of the worker.").volatile(true));
    fields.extend([Field::text(
        "packages",
        "Versions of Burn, genbench and a package of one's own that ran the trial.",
    )
    .volatile(true)]);
    let [commit, code] = build();
    let dirty = Field::boolean("dirty", "Whether the sources of the build differed from the commit.").volatile(true);
    fields.extend([commit, dirty, code]);
    fields.extend(axes_out::fields(axes));
    let absent =
        Field::text("absent", "Reasons why figures of a finished trial are empty: `name: reason`, joined by ` | `.");
    for column in columns {
        fields.push(unique(field(column, "", "Value of"), &fields));
        if column.has_se {
            fields.push(unique(field(column, "_se", "Standard error of"), &fields));
        }
        if column.has_n {
            let about = format!("Number of images, draws or windows behind `{}`.", column.label);
            let field = Field::of_type(header(&column.label, "_n", Unit::One), FieldType::Integer, about);
            fields.push(unique(field.volatile(column.figure.volatile), &fields));
        }
    }
    fields.push(absent);
    TableSchema { file: "trials.csv", about: "One row per trial of the plan.", fields }
}

pub(super) fn csv(records: &[Record], data: &[String], axes: &Axes, columns: &[FigureColumn]) -> io::Result<Vec<u8>> {
    let mut sheet = Sheet::new(&schema(axes, columns).fields)?;
    for (record, data) in records.iter().zip(data) {
        let (state, outcome) = (TrialState::of(record), record.outcome.as_ref());
        write_identity(&mut sheet, record, data);
        sheet.text(state.status).maybe(state.reason.as_deref());
        sheet.shown(outcome.map(|outcome| outcome.steps));
        sheet.shown(outcome.and_then(|outcome| outcome.kept_step));
        sheet.shown(outcome.and_then(|outcome| outcome.parameters));
        sheet.number(outcome.map(|outcome| outcome.train_s).filter(|seconds| seconds.is_finite()));
        sheet.shown(outcome.map(|outcome| outcome.attempts));
        write_machine(&mut sheet, record, None);
        sheet.shown(outcome.map(|outcome| outcome.host.threads).filter(|threads| *threads > 0));
        let build = outcome.and_then(|outcome| outcome.build.as_ref());
        sheet.shown(build.map(protocol::Build::package_list)).maybe(build.and_then(|build| build.commit.as_deref()));
        sheet.shown(build.and_then(|build| build.dirty)).maybe(build.map(|build| build.code.as_str()));
        axes_out::write(&mut sheet, axes, &record.trial.variant);
        let found: HashMap<_, _> = record.measurements.iter().map(|m| (Figure::of_record(m, record), m)).collect();
        for column in columns {
            let there = found.get(&column.figure).filter(|m| value(m).is_some());
            sheet.number(there.and_then(|m| m.value));
            if column.has_se {
                sheet.number(there.and_then(|m| m.se));
            }
            if column.has_n {
                sheet.shown(there.and_then(|m| m.n));
            }
        }
        sheet.text(&absent(&record.measurements)).end()?;
    }
    sheet.finish()
}

fn absent(measurements: &[Measurement]) -> String {
    let absent = measurements.iter().filter(|figure| value(figure).is_none());
    let reasons: Vec<_> =
        absent.map(|figure| format!("{}: {}", figure.name, reason(figure).unwrap_or_default())).collect();
    reasons.join(" | ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_end_in_their_unit_once() {
        assert_eq!(header("nll", "", Unit::Nats), "nll_nats");
        assert_eq!(header("nll", "_se", Unit::Nats), "nll_se_nats");
        assert_eq!(header("nll_bits_per_dim", "", Unit::BitsPerDim), "nll_bits_per_dim");
        assert_eq!(header("nll (17 levels)", "", Unit::Nats), "nll_17_levels_nats");
        assert_eq!(header("fid_proxy", "", Unit::One), "fid_proxy");
        assert_eq!(header("peak_memory", "", Unit::Mebibytes), "peak_memory_mib");
        assert_eq!(header("train_images_per_s", "", Unit::ImagesPerSecond), "train_images_per_s");
    }
}
