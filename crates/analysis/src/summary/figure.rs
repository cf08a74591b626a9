//! Identity of a table column: two figures share a column only if their identities are equal.

use protocol::text::portable;
use protocol::{Control, DataSpec, Direction, Kind, Machine, Measurement, Support, Unit};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::store::Record;

/// Identity of a figure: a measurement without its value. Only figures of equal identity are compared.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// Name, such as `nll`.
    pub name: String,
    /// Unit of the values.
    pub unit: Unit,
    /// Kind: exact, a bound or an estimate.
    pub kind: Kind,
    /// Better direction.
    pub direction: Direction,
    /// Support of the density or of the samples.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub support: Option<Support>,
    /// Settings of the measure as compact JSON; empty without settings.
    pub settings: String,
    /// Version of the measure.
    pub version: u32,
    /// `true` if the value may differ between two runs of the same trial.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub volatile: bool,
    /// Processor and adapter of a volatile figure, which is never pooled over machines; `None` if unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<String>,
    /// Figure that this control belongs to; `None` for other figures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control: Option<Control>,
}

impl Figure {
    /// Identity of `measurement`.
    #[must_use]
    pub fn of(measurement: &Measurement) -> Self {
        let machine = measurement.machine.as_ref().filter(|_| measurement.volatile);
        Self {
            name: measurement.name.clone(),
            unit: measurement.unit,
            kind: measurement.kind,
            direction: measurement.direction,
            support: measurement.support,
            settings: compact(&measurement.settings),
            version: measurement.version,
            volatile: measurement.volatile,
            machine: machine.and_then(|machine| machine.words()),
            control: measurement.control.clone(),
        }
    }

    /// Identity of a `measurement` of `record`, whose outcome names the machine of the worker's own figures.
    #[must_use]
    pub fn of_record(measurement: &Measurement, record: &Record) -> Self {
        let figure = Self::of(measurement);
        let trained_on = || {
            let outcome = record.outcome.as_ref().filter(|_| measurement.volatile)?;
            Machine::of(&outcome.host, outcome.device.as_ref()).words()
        };
        Self { machine: figure.machine.clone().or_else(trained_on), ..figure }
    }

    /// Returns whether this figure is a control of `figure`: of its name, taken with the same settings and version.
    #[must_use]
    pub fn is_control_of(&self, figure: &Self) -> bool {
        let named = self.control.as_ref().is_some_and(|control| control.of == figure.name);
        named && (&self.settings, self.version) == (&figure.settings, figure.version)
    }

    /// Parts of the identity with their names: unit, kind, support, settings, machine, version (`v`).
    pub(crate) fn parts(&self) -> Vec<(String, String)> {
        let settings = serde_json::from_str(&self.settings).unwrap_or(Value::Null);
        let support = self.support.map(|support| support.to_string());
        let mut parts = vec![("unit".to_owned(), self.unit.to_string()), ("kind".to_owned(), self.kind.to_string())];
        parts.extend(support.map(|support| ("support".to_owned(), support)));
        parts.extend(flat(&settings));
        parts.extend(self.machine.clone().map(|machine| ("machine".to_owned(), machine)));
        parts.push(("v".to_owned(), self.version.to_string()));
        parts
    }
}

/// Value of a figure if it is finite. A hand-written record may hold values that `Measurement::new` refuses.
pub(crate) fn value(measurement: &Measurement) -> Option<f64> {
    measurement.value.filter(|value| value.is_finite())
}

/// Reason why the figure is absent, or a remark on it.
pub(crate) fn reason(measurement: &Measurement) -> Option<&str> {
    let recorded = measurement.reason.as_deref().filter(|reason| !reason.is_empty());
    match measurement.value {
        Some(value) if value.is_finite() => recorded,
        Some(_) => recorded.or(Some("the figure is not finite")),
        None => recorded.or(Some("no reason was recorded")),
    }
}

/// Settings as compact JSON; empty without settings.
pub(crate) fn compact(settings: &Value) -> String {
    match settings {
        Value::Null => String::new(),
        Value::Object(map) if map.is_empty() => String::new(),
        settings => settings.to_string(),
    }
}

fn flat(settings: &Value) -> impl Iterator<Item = (String, String)> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    settings.as_object().into_iter().flatten().map(move |(key, value)| (key.clone(), text(value)))
}

/// Labels of figures: the name, and the differing parts of the identity if figures share a name.
pub(crate) fn figure_labels(figures: &[Figure]) -> Vec<String> {
    let named: Vec<_> = figures.iter().map(|figure| (figure.name.as_str(), figure.parts())).collect();
    distinguished(&named)
}

/// Labels of data sets: the name, and the differing settings if data sets share a name.
pub(crate) fn data_labels(data: &[&DataSpec]) -> Vec<String> {
    let parts = |spec: &DataSpec| {
        let hash = spec.hash.chars().take(8).collect::<String>();
        // An unset setting carries no information, and older plans may lack it.
        flat(&spec.config)
            .filter(|(_, value)| value != "null")
            .map(|(key, value)| (key, portable(&value)))
            .chain((!hash.is_empty()).then(|| ("hash".to_owned(), hash)))
            .chain([("v".to_owned(), spec.version.to_string())])
            .collect()
    };
    let named: Vec<_> = data.iter().map(|spec| (spec.name.as_str(), parts(spec))).collect();
    distinguished(&named)
}

/// Appends to each name the parts that differ from others of the same name.
fn distinguished(named: &[(&str, Vec<(String, String)>)]) -> Vec<String> {
    let value = |parts: &[(String, String)], key: &str| {
        parts.iter().find(|(name, _)| name == key).map(|(_, value)| value.clone())
    };
    let label = |(name, parts): &(&str, Vec<(String, String)>)| {
        let others: Vec<_> = named.iter().filter(|(other, _)| other == name).map(|(_, parts)| parts).collect();
        let differing =
            parts.iter().filter(|(key, own)| others.iter().any(|other| value(other, key).as_ref() != Some(own)));
        let words: Vec<_> = differing
            .map(|(key, own)| match key.as_str() {
                "unit" | "kind" | "support" => own.replace('_', " "),
                "machine" => own.clone(),
                key => format!("{key} {own}"),
            })
            .collect();
        if words.is_empty() { (*name).to_owned() } else { format!("{name} ({})", words.join(", ")) }
    };
    named.iter().map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn figure(name: &str, support: Option<Support>, settings: &Value) -> Figure {
        let figure = Measurement::new(name, Kind::Exact, Unit::Nats, Direction::Lower, 1.0);
        Figure::of(&Measurement { support, settings: settings.clone(), ..figure })
    }

    #[test]
    fn only_shared_names_are_lengthened() {
        let figures = [
            figure("nll", Some(Support::Binary), &Value::Null),
            figure("nll", Some(Support::Levels(17)), &Value::Null),
            figure("fid_proxy", None, &json!({"n": 100, "features": "conv"})),
            figure("fid_proxy", None, &json!({"n": 200, "features": "conv"})),
            figure("elbo", Some(Support::Binary), &json!({})),
        ];
        assert_eq!(
            figure_labels(&figures),
            ["nll (binary)", "nll (17 levels)", "fid_proxy (n 100)", "fid_proxy (n 200)", "elbo"]
        );
    }

    #[test]
    fn data_sets_of_one_name_are_labelled_with_their_differences() {
        let spec = |binarize: &str, seed: u32| DataSpec {
            name: "digits".into(),
            version: 1,
            config: json!({"binarize": binarize, "seed": seed}),
            hash: String::new(),
            meaning: None,
        };
        let (a, b) = (spec("threshold", 1), spec("static", 1));
        assert_eq!(data_labels(&[&a, &b]), ["digits (binarize threshold)", "digits (binarize static)"]);
        assert_eq!(data_labels(&[&a]), ["digits"]);
    }
}
