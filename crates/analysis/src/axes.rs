//! Axes of a plan: settings that differ between its variants.

use std::collections::{BTreeMap, HashMap, HashSet};

use protocol::text::portable;
use protocol::{Meaning, Plan, Trial};
use serde_json::{Value, json};

/// Settings that differ between variants of a plan, with the value of every variant.
///
/// A setting of a model is an axis if it differs between variants of one model, a setting of data if it differs between data
/// sets of one name, a setting of `train` if it differs between any two variants. The axes are computed from the trials, so that
/// plans of earlier versions have them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Axes {
    names: Vec<String>,
    values: HashMap<String, Vec<Option<Value>>>,
}

/// Settings of one variant by dotted name, in the order model, data, train.
type Settings = Vec<(String, Value)>;

impl Axes {
    /// Axes of `plan`.
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        let variants: Vec<(&Trial, Settings)> =
            plan.variants().map(|trials| (&trials[0], settings(&trials[0]))).collect();
        let names = differing(&variants);
        let values = variants.iter().map(|(trial, settings)| {
            let of: HashMap<&str, &Value> = settings.iter().map(|(name, value)| (name.as_str(), value)).collect();
            let values =
                names.iter().map(|name| of.get(name.as_str()).copied().filter(|value| !value.is_null()).cloned());
            (trial.variant.clone(), values.collect())
        });
        Self { values: values.collect(), names }
    }

    /// Dotted names of the axes, such as `model.hidden`.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Values of a variant, one per axis; `None` where the variant has no such setting.
    pub fn values(&self, variant: &str) -> impl Iterator<Item = Option<&Value>> {
        let values = self.values.get(variant);
        (0..self.names.len()).map(move |at| values.and_then(|values| values[at].as_ref()))
    }

    /// All values of one axis, by the index of its name.
    pub(crate) fn column(&self, at: usize) -> impl Iterator<Item = &Value> {
        self.values.values().filter_map(move |values| values[at].as_ref())
    }
}

/// Names of the settings that differ, in order of appearance.
fn differing(variants: &[(&Trial, Settings)]) -> Vec<String> {
    let mut groups: HashMap<(&str, &str), Vec<&Value>> = HashMap::new();
    let mut sizes: HashMap<(&str, &str), usize> = HashMap::new();
    let group = |trial: &Trial, root: &str| match root {
        "model" => format!("model {}", trial.model.name),
        "data" => format!("data {}", trial.data.name),
        root => root.to_owned(),
    };
    let roots = ["model", "data", "train"];
    let keys: Vec<BTreeMap<&str, String>> =
        variants.iter().map(|(trial, _)| roots.map(|root| (root, group(trial, root))).into()).collect();
    for ((_, settings), keys) in variants.iter().zip(&keys) {
        for key in keys.values() {
            *sizes.entry((key, "")).or_default() += 1;
        }
        for (name, value) in settings {
            groups.entry((&keys[root(name)], name)).or_default().push(value);
        }
    }
    let (mut names, mut seen) = (Vec::new(), HashSet::new());
    for ((_, settings), keys) in variants.iter().zip(&keys) {
        for (name, _) in settings {
            let key = keys[root(name)].as_str();
            let values = &groups[&(key, name.as_str())];
            let differs = values.len() < sizes[&(key, "")] || values.iter().any(|value| *value != values[0]);
            if differs && seen.insert(name.as_str()) {
                names.push(name.clone());
            }
        }
    }
    names.sort_by_key(|name| roots.iter().position(|one| *one == root(name)));
    names
}

/// First part of a dotted name.
fn root(name: &str) -> &str {
    name.split('.').next().unwrap_or_default()
}

/// All settings of a trial's variant, without those that state where files are.
fn settings(trial: &Trial) -> Settings {
    let mut all = Vec::new();
    for (root, config, meaning) in
        [("model", &trial.model.config, &trial.model.meaning), ("data", &trial.data.config, &trial.data.meaning)]
    {
        let locates =
            |name: &str| meaning.as_ref().is_some_and(|meaning: &Meaning| meaning.locates(&name[root.len() + 1..]));
        let mut own = Vec::new();
        flatten(root, config, &mut own);
        all.extend(own.into_iter().filter(|(name, _)| !locates(name)));
    }
    let train = &trial.train;
    // The record leaves these out if they have their defaults.
    let mut record = json!(train);
    record["warmup"] = json!(train.warmup);
    record["milestones"] = json!(train.milestones);
    record["gamma"] = json!(train.gamma);
    record["optim"] = json!(train.optim);
    flatten("train", &record, &mut all);
    all
}

/// Appends the settings of a block by dotted name. A list is one value.
fn flatten(name: &str, value: &Value, all: &mut Settings) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| flatten(&format!("{name}.{key}"), value, all)),
        Value::String(text) => all.push((name.to_owned(), Value::String(portable(text)))),
        value => all.push((name.to_owned(), value.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::fixtures::trial;

    fn with(variant: &str, model: &str, config: Value) -> Trial {
        let mut trial = trial(variant, 0);
        let spec = std::sync::Arc::make_mut(&mut trial.model);
        (spec.name, spec.config) = (model.to_owned(), config);
        trial
    }

    fn values(axes: &Axes, variant: &str) -> Vec<Value> {
        axes.values(variant).map(|value| value.cloned().unwrap_or_default()).collect()
    }

    #[test]
    fn a_setting_of_a_model_is_an_axis_if_variants_of_that_model_differ() {
        let trials = vec![
            with("small", "nade", json!({"hidden": 50, "lr": 0.01, "block": {"depth": 1}})),
            with("large", "nade", json!({"hidden": 500, "lr": 0.01, "block": {"depth": 2}})),
            with("vae", "vae", json!({"hidden": 400, "latent": 20})),
        ];
        let axes = Axes::of(&Plan::new("g", trials));
        assert_eq!(axes.names(), ["model.block.depth", "model.hidden"]);
        assert_eq!(values(&axes, "large"), [json!(2), json!(500)]);
        // A variant of another model has the value of the axis, too.
        assert_eq!(values(&axes, "vae"), [Value::Null, json!(400)]);
        assert_eq!(values(&axes, "unknown"), [Value::Null, Value::Null]);
    }

    #[test]
    fn a_default_of_the_training_is_a_value() {
        let mut warm = with("warm", "nade", json!({}));
        warm.train.warmup = 10;
        warm.train.optim.weight_decay = 0.1;
        let axes = Axes::of(&Plan::new("g", vec![with("cold", "nade", json!({})), warm]));
        assert_eq!(axes.names(), ["train.optim.weight_decay", "train.warmup"]);
        assert_eq!(values(&axes, "cold"), [json!(0.0), json!(0)]);
        assert_eq!(values(&axes, "warm"), [json!(0.1), json!(10)]);
    }

    #[test]
    fn paths_of_files_are_no_axes_and_one_variant_has_none() {
        let on = |variant: &str, path: &str| {
            let mut trial = trial(variant, 0);
            let data = std::sync::Arc::make_mut(&mut trial.data);
            data.config = json!({"path": path, "side": path.len()});
            data.meaning = Some(Meaning {
                settings: json!({}),
                locators: vec!["path".into()],
                reading: String::new(),
                first: None,
            });
            trial
        };
        let axes = Axes::of(&Plan::new("g", vec![on("a", "/data/one"), on("b", "/data/other")]));
        assert_eq!(axes.names(), ["data.side"]);
        assert!(Axes::of(&Plan::new("g", vec![trial("a", 0), trial("a", 1)])).names().is_empty());
    }
}
