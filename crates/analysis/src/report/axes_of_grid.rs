//! Axes of a grid: settings with a number that differs between variants of one model.

use std::collections::BTreeMap;

use protocol::Trial;
use serde_json::Value;

/// Settings of a variant as texts: of the model, the training and the data.
pub(super) type Settings = BTreeMap<String, String>;

/// Variants that differ in some settings with numbers.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct GridAxis {
    /// Name of the setting.
    pub(super) name: String,
    /// Variants with equal other settings, each with its value of the axis, in increasing order.
    pub(super) lines: Vec<AxisLine>,
}

/// Variants that differ in the axis only.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct AxisLine {
    /// Name of the model, and settings that distinguish the line from others.
    pub(super) label: String,
    /// Value and label of each variant.
    pub(super) variants: Vec<(f64, String)>,
}

/// Settings of a trial that may differ between variants.
pub(super) fn settings(trial: &Trial) -> Settings {
    let mut all = Settings::from([("model".to_owned(), trial.model.name.clone())]);
    let mut add = |prefix: &str, value: &Value| {
        for (name, value) in value.as_object().into_iter().flatten() {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            all.insert(format!("{prefix}{name}"), text);
        }
    };
    add("", &trial.model.config);
    add("data.", &trial.data.config);
    add("train.", &serde_json::to_value(&trial.train).unwrap_or_default());
    all.insert("data".to_owned(), trial.data.name.clone());
    all
}

/// Axes along which at least one line has two variants. `variants` has one trial of each.
pub(super) fn axes(variants: &[&Trial]) -> Vec<GridAxis> {
    let all: Vec<(&str, Settings)> = variants.iter().map(|trial| (trial.variant.as_str(), settings(trial))).collect();
    let mut names: Vec<&String> = all.iter().flat_map(|(_, settings)| settings.keys()).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().filter_map(|name| axis(name, &all)).collect()
}

/// Variants that differ in two settings with numbers.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct GridPlane {
    /// Names of the two settings.
    pub(super) names: [String; 2],
    /// Name of the model.
    pub(super) model: String,
    /// Values of the two settings, and label of each variant.
    pub(super) variants: Vec<([f64; 2], String)>,
}

/// Pairs of axes with at least four variants that differ in both and in nothing else.
pub(super) fn planes(variants: &[&Trial]) -> Vec<GridPlane> {
    let names: Vec<String> = axes(variants).into_iter().map(|axis| axis.name).collect();
    let pairs = names.iter().enumerate().flat_map(|(at, one)| names[at + 1..].iter().map(move |other| [one, other]));
    pairs.flat_map(|pair| planes_of(pair, variants)).collect()
}

fn planes_of(names: [&String; 2], variants: &[&Trial]) -> Vec<GridPlane> {
    let mut groups: Vec<(Settings, GridPlane)> = Vec::new();
    for trial in variants {
        let mut others = settings(trial);
        let number = |name: &String| others.get(name)?.parse::<f64>().ok().filter(|value| value.is_finite());
        let (Some(first), Some(second)) = (number(names[0]), number(names[1])) else { continue };
        names.iter().for_each(|name| drop(others.remove(*name)));
        let member = ([first, second], trial.variant.clone());
        match groups.iter_mut().find(|(known, _)| *known == others) {
            Some((_, plane)) => plane.variants.push(member),
            None => {
                let (names, model) = (names.map(String::clone), trial.model.name.clone());
                groups.push((others, GridPlane { names, model, variants: vec![member] }));
            }
        }
    }
    let varies =
        |plane: &GridPlane, at: usize| plane.variants.iter().any(|(values, _)| values[at] != plane.variants[0].0[at]);
    let planes = groups.into_iter().map(|(_, plane)| plane);
    planes.filter(|plane| plane.variants.len() > 3 && varies(plane, 0) && varies(plane, 1)).collect()
}

fn axis(name: &str, all: &[(&str, Settings)]) -> Option<GridAxis> {
    let mut groups: Vec<(Settings, Vec<(f64, String)>)> = Vec::new();
    for (variant, settings) in all {
        let Some(value) = settings.get(name).and_then(|text| text.parse::<f64>().ok()).filter(|v| v.is_finite()) else {
            continue;
        };
        let mut others = settings.clone();
        others.remove(name);
        match groups.iter_mut().find(|(known, _)| *known == others) {
            Some((_, members)) => members.push((value, (*variant).to_owned())),
            None => groups.push((others, vec![(value, (*variant).to_owned())])),
        }
    }
    groups.retain(|(_, members)| members.len() > 1 && members.iter().any(|member| member.0 != members[0].0));
    let differing: Vec<String> = groups
        .first()
        .map(|(first, _)| first.keys().filter(|key| groups.iter().any(|(other, _)| other.get(*key) != first.get(*key))))
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    let line = |(others, mut members): (Settings, Vec<(f64, String)>)| {
        members.sort_by(|a, b| a.0.total_cmp(&b.0));
        let model = others.get("model").cloned().unwrap_or_default();
        let more = differing.iter().filter(|key| *key != "model");
        let more = more.filter_map(|key| Some(format!("{key}={}", others.get(key)?)));
        let label = [model].into_iter().chain(more).collect::<Vec<_>>().join(" ");
        AxisLine { label, variants: members }
    };
    (!groups.is_empty()).then(|| GridAxis { name: name.to_owned(), lines: groups.into_iter().map(line).collect() })
}

#[cfg(test)]
mod tests {
    use protocol::fixtures::trial;
    use serde_json::json;

    use super::*;

    fn variant(label: &str, model: &str, config: Value) -> Trial {
        let mut trial = trial(label, 0);
        let spec = (*trial.model).clone();
        trial.model = protocol::ModelSpec { name: model.into(), config, ..spec }.into();
        trial
    }

    #[test]
    fn a_number_that_differs_alone_is_an_axis() {
        let trials = [
            variant("a", "nade", json!({"hidden": 100, "lr": 0.1})),
            variant("b", "nade", json!({"hidden": 20, "lr": 0.1})),
            variant("c", "nade", json!({"hidden": 100, "lr": 0.2})),
            variant("d", "vae", json!({"hidden": 5})),
        ];
        let axes = axes(&trials.iter().collect::<Vec<_>>());
        let shown: Vec<(&str, usize)> = axes.iter().map(|axis| (axis.name.as_str(), axis.lines.len())).collect();
        assert_eq!(shown, [("hidden", 1), ("lr", 1)]);
        assert_eq!(axes[0].lines[0].variants, [(20.0, "b".to_owned()), (100.0, "a".to_owned())]);
        assert_eq!(axes[0].lines[0].label, "nade");
    }

    #[test]
    fn four_variants_of_two_settings_are_a_plane() {
        let config = |hidden: u32, lr: f64| json!({"hidden": hidden, "lr": lr});
        let all = [(8, 0.1), (8, 0.2), (16, 0.1), (16, 0.2)];
        let trials: Vec<Trial> =
            all.iter().map(|(hidden, lr)| variant(&format!("{hidden} {lr}"), "nade", config(*hidden, *lr))).collect();
        let found = planes(&trials.iter().collect::<Vec<_>>());
        assert_eq!((found.len(), &found[0].names, found[0].variants.len()), (1, &["hidden".into(), "lr".into()], 4));
        assert_eq!(planes(&trials[..3].iter().collect::<Vec<_>>()), []);
    }

    #[test]
    fn variants_that_differ_in_words_have_no_axis() {
        let trials =
            [variant("a", "nade", json!({"order": "raster"})), variant("b", "nade", json!({"order": "random"}))];
        assert_eq!(axes(&trials.iter().collect::<Vec<_>>()), []);
    }
}
