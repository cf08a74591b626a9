//! Measurements as JSON Lines: one object per figure and trial, with the trial and the axes.

use protocol::{Machine, Measurement, Outcome};
use serde_json::{Map, Value, json};

use crate::results::Results;
use crate::store::Record;
use crate::summary::{TrialState, labelled_data, reason, value};

/// Writes one line per row of `measurements.csv`. The keys are the columns of that table; `settings` is an object, and
/// `axes` maps the name of each axis to the setting of the variant. A missing value is `null`.
#[must_use]
pub fn jsonl(results: &Results) -> String {
    let labels = labelled_data(results.plan());
    let mut text = String::new();
    for record in results.records() {
        let label = labels.iter().find(|(spec, _)| spec.is_same(&record.trial.data)).map(|(_, label)| label.as_str());
        let axes = results.axes();
        let values = axes.values(&record.trial.variant).map(|value| value.cloned().unwrap_or_default());
        let axes: Map<String, Value> = axes.names().iter().cloned().zip(values).collect();
        for figure in &record.measurements {
            let mut line = of_trial(record, label.unwrap_or_default());
            line.extend(of_figure(figure, record));
            line.insert("axes".to_owned(), Value::Object(axes.clone()));
            text += &format!("{}\n", Value::Object(line));
        }
    }
    text
}

fn of_trial(record: &Record, data: &str) -> Map<String, Value> {
    let trial = &record.trial;
    let line = json!({
        "trial": record.id, "variant": trial.variant, "section": trial.section, "model": trial.model.name, "data": data,
        "seed": trial.seed, "status": TrialState::of(record).status,
    });
    object(line)
}

fn of_figure(figure: &Measurement, record: &Record) -> Map<String, Value> {
    let outcome = record.outcome.as_ref();
    let device = outcome.and_then(|outcome| outcome.device.as_ref());
    let build = outcome.and_then(|outcome| outcome.build.as_ref());
    let trained_on = || outcome.map(|outcome: &Outcome| Machine::of(&outcome.host, outcome.device.as_ref()));
    let machine = figure.machine.as_deref().cloned().or_else(trained_on);
    let timed_on = figure.machine.as_deref();
    let adapter = timed_on.map(|machine| if machine.adapter.is_empty() { &machine.cpu } else { &machine.adapter });
    let adapter = adapter.or(device.map(|device| &device.adapter));
    let value = value(figure);
    let line = json!({
        "measurement": figure.name, "value": value, "se": figure.se.filter(|_| value.is_some()), "n": figure.n,
        "kind": figure.kind.to_string(), "unit": figure.unit.to_string(), "direction": figure.direction.to_string(),
        "support": figure.support.map(|support| support.to_string()), "reason": reason(figure),
        "measure": figure.measure, "measure_version": figure.version, "settings": figure.settings,
        "volatile": figure.volatile, "device": device.map_or(&record.trial.device, |device| &device.name),
        "adapter": adapter, "host": machine.as_ref().map(|machine| &machine.host), "machine": machine.as_ref().and_then(Machine::words),
        "kernels": device.map(|device| device.kernels()), "commit": build.and_then(|build| build.commit.as_deref()),
        "code": build.map(|build| &build.code), "control_of": figure.control.as_ref().map(|control| &control.of),
        "control": figure.control.as_ref().map(|control| control.kind.to_string()),
    });
    object(line)
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::fixture::Fixture;

    /// JSON Lines have the rows, columns and values of `measurements.csv`.
    #[test]
    fn json_lines_are_the_rows_of_the_measurements() {
        let fixture = Fixture::new();
        let results = fixture.results();
        crate::tables(&results).unwrap();
        let mut reader = csv::Reader::from_path(fixture.grid.file("measurements.csv")).unwrap();
        let header = reader.headers().unwrap().clone();
        let text = jsonl(&results);
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!(lines.len(), rows.len());
        for (line, row) in lines.iter().zip(&rows) {
            for (column, cell) in header.iter().zip(row) {
                let value = match column.contains('.') {
                    true => &line["axes"][column],
                    false => line.get(column).unwrap_or_else(|| panic!("no key {column} in {line}")),
                };
                let shown = match value {
                    Value::Null => String::new(),
                    Value::String(text) => text.clone(),
                    value => value.to_string(),
                };
                let same = shown == cell || shown.parse::<f64>().is_ok_and(|number| cell.parse() == Ok(number));
                assert!(same, "{column}: {shown} instead of {cell}");
            }
        }
    }
}
