//! Meaning of the settings of a model or data set: the part of them that is hashed for a trial's identity.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What the settings of a model or data set mean, whatever else a version knows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meaning {
    /// Settings that differ from their defaults, under their present names, without locators.
    pub settings: Value,
    /// Dotted names of the settings that state where files are. The content of the files counts, not their place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub locators: Vec<String>,
    /// Interpretation of the files that neither their bytes nor the settings show; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reading: String,
    /// All settings as ids of the first scheme hashed them; `None` if these are the present ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Value>,
}

impl Meaning {
    /// The meaning of resolved settings. `resolve` fills in defaults and returns `None` for settings that it refuses.
    #[must_use]
    pub fn of(config: &Value, defaults: &Value, resolve: &dyn Fn(&Value) -> Option<Value>) -> Self {
        let settings = non_defaults(config, defaults, resolve);
        Self { settings, locators: Vec::new(), reading: String::new(), first: None }
    }

    /// The same meaning without settings that state where files are.
    #[must_use]
    pub fn without(mut self, locators: Vec<String>) -> Self {
        self.settings = without(&self.settings, &locators);
        Self { locators, ..self }
    }

    /// Returns whether a dotted path such as `path` is a locator.
    #[must_use]
    pub fn locates(&self, path: &str) -> bool {
        self.locators.iter().any(|locator| locator == path)
    }
}

/// The settings without those whose absence means the same.
///
/// Most settings are numbers and words of the outermost block, where a comparison with the defaults decides. For other
/// shapes (nested blocks, choices with settings of their own, data sets inside data sets) a setting is left out if the
/// rest resolves to the same settings.
fn non_defaults(config: &Value, defaults: &Value, resolve: &dyn Fn(&Value) -> Option<Value>) -> Value {
    let (Some(all), Some(known)) = (config.as_object(), defaults.as_object()) else { return config.clone() };
    let is_leaf = |value: &Value| !value.is_object() && !value.is_array();
    let differing = all.iter().filter(|(key, value)| known.get(*key) != Some(value));
    let rest: Map<String, Value> = differing.map(|(key, value)| (key.clone(), value.clone())).collect();
    let is_plain = rest.iter().all(|(key, value)| is_leaf(value) && known.get(key).is_some_and(is_leaf))
        && known.keys().all(|key| all.contains_key(key));
    let mut rest = Value::Object(rest);
    if is_plain {
        return rest;
    }
    let is_same = |settings: &Value| resolve(settings).is_some_and(|found| found == *config);
    if !is_same(&rest) {
        // Such as a choice whose settings have other defaults than those of the default choice.
        rest = config.clone();
        if !is_same(&rest) {
            return rest;
        }
    }
    shrink(&mut rest, &mut Vec::new(), &is_same);
    rest
}

/// Removes every entry of a block at `path` and below it, as long as `is_same` holds.
fn shrink(root: &mut Value, path: &mut Vec<String>, is_same: &dyn Fn(&Value) -> bool) {
    let mut children: Vec<String> = match at(root, path) {
        Some(Value::Object(map)) => map.keys().cloned().collect(),
        Some(Value::Array(items)) => (0..items.len()).map(|index| index.to_string()).collect(),
        _ => return,
    };
    children.sort_unstable();
    for child in children {
        let mut without = root.clone();
        if let Some(Value::Object(map)) = at(&mut without, path)
            && map.remove(&child).is_some()
            && is_same(&without)
        {
            *root = without;
            continue;
        }
        path.push(child);
        shrink(root, path, is_same);
        path.pop();
    }
}

fn at<'v>(root: &'v mut Value, path: &[String]) -> Option<&'v mut Value> {
    path.iter().try_fold(root, |value, key| match value {
        Value::Array(items) => items.get_mut(key.parse::<usize>().ok()?),
        other => other.get_mut(key),
    })
}

/// The settings without those at these dotted paths.
pub(crate) fn without(settings: &Value, paths: &[String]) -> Value {
    let mut settings = settings.clone();
    paths.iter().for_each(|path| remove(&mut settings, path));
    settings
}

/// Removes the setting at a dotted path.
fn remove(settings: &mut Value, path: &str) {
    let (outer, key) = path.rsplit_once('.').unwrap_or(("", path));
    let outer: Vec<String> = outer.split('.').filter(|key| !key.is_empty()).map(str::to_owned).collect();
    if let Some(Value::Object(map)) = at(settings, &outer) {
        map.remove(key);
    }
}

#[cfg(test)]
mod tests;
