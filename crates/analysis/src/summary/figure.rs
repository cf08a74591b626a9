//! What figures are figures of: two may stand in one column only if all of this is equal.

use protocol::{DataSpec, Direction, Kind, Measurement, Support, Unit};
use serde_json::Value;

/// A measurement without its value: what may be compared with what.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Figure {
    /// The column it goes to, such as `nll`.
    pub name: String,
    /// Its unit.
    pub unit: Unit,
    /// How it stands to the quantity it is named after.
    pub kind: Kind,
    /// Which way is better.
    pub direction: Direction,
    /// The support of the density or of the samples.
    pub support: Option<Support>,
    /// The measure's settings as compact JSON; empty if there are none.
    pub settings: String,
    /// The measure's version.
    pub version: u32,
    /// Whether it may differ between two runs of the same trial.
    pub volatile: bool,
}

impl Figure {
    /// What `measurement` is a measurement of.
    #[must_use]
    pub fn of(measurement: &Measurement) -> Self {
        Self {
            name: measurement.name.clone(),
            unit: measurement.unit,
            kind: measurement.kind,
            direction: measurement.direction,
            support: measurement.support,
            settings: compact(&measurement.settings),
            version: measurement.version,
            volatile: measurement.volatile,
        }
    }

    fn parts(&self) -> Vec<(String, String)> {
        let settings = serde_json::from_str(&self.settings).unwrap_or(Value::Null);
        let support = self.support.map(|support| support.to_string());
        let mut parts = vec![("unit".to_owned(), self.unit.to_string()), ("kind".to_owned(), self.kind.to_string())];
        parts.extend(support.map(|support| ("support".to_owned(), support)));
        parts.extend(flat(&settings));
        parts.push(("v".to_owned(), self.version.to_string()));
        parts
    }
}

/// The figure, if it is there. A record made by hand may hold what `Measurement::new` refuses.
pub(crate) fn value(measurement: &Measurement) -> Option<f64> {
    measurement.value.filter(|value| value.is_finite())
}

/// Why the figure is not there, or the remark on it.
pub(crate) fn reason(measurement: &Measurement) -> Option<&str> {
    let told = measurement.reason.as_deref().filter(|reason| !reason.is_empty());
    match measurement.value {
        Some(value) if value.is_finite() => told,
        Some(_) => told.or(Some("the figure is not finite")),
        None => told.or(Some("no reason was recorded")),
    }
}

/// Settings as compact JSON, and nothing for no settings.
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

/// A name for each figure, longer than its own only where figures share it.
pub(crate) fn figure_labels(figures: &[Figure]) -> Vec<String> {
    let named: Vec<_> = figures.iter().map(|figure| (figure.name.as_str(), figure.parts())).collect();
    tell_apart(&named)
}

/// A name for each data set, longer than its own only where data sets share it.
pub(crate) fn data_labels(data: &[&DataSpec]) -> Vec<String> {
    let parts = |spec: &DataSpec| {
        let hash = spec.hash.chars().take(8).collect::<String>();
        // A setting that is not set says nothing, and older plans may not have it.
        flat(&spec.config)
            .filter(|(_, value)| value != "null")
            .chain((!hash.is_empty()).then(|| ("hash".to_owned(), hash)))
            .chain([("v".to_owned(), spec.version.to_string())])
            .collect()
    };
    let named: Vec<_> = data.iter().map(|spec| (spec.name.as_str(), parts(spec))).collect();
    tell_apart(&named)
}

/// Adds to each name the parts in which it differs from others of the same name.
fn tell_apart(named: &[(&str, Vec<(String, String)>)]) -> Vec<String> {
    let value = |parts: &[(String, String)], key: &str| {
        parts.iter().find(|(name, _)| name == key).map(|(_, value)| value.clone())
    };
    let label = |(name, parts): &(&str, Vec<(String, String)>)| {
        let rivals: Vec<_> = named.iter().filter(|(other, _)| other == name).map(|(_, parts)| parts).collect();
        let telling =
            parts.iter().filter(|(key, own)| rivals.iter().any(|rival| value(rival, key).as_ref() != Some(own)));
        let words: Vec<_> = telling
            .map(|(key, own)| match key.as_str() {
                "unit" | "kind" | "support" => own.replace('_', " "),
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
    fn a_name_is_lengthened_only_where_it_is_shared() {
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
    fn data_sets_are_told_apart_by_what_differs() {
        let spec = |binarize: &str, seed: u32| DataSpec {
            name: "digits".into(),
            version: 1,
            config: json!({"binarize": binarize, "seed": seed}),
            hash: String::new(),
        };
        let (a, b) = (spec("threshold", 1), spec("static", 1));
        assert_eq!(data_labels(&[&a, &b]), ["digits (binarize threshold)", "digits (binarize static)"]);
        assert_eq!(data_labels(&[&a]), ["digits"]);
    }
}
