//! Parsing of a block of settings into a typed configuration.
//!
//! Unknown keys are refused at every depth. Each mistake has its path, the allowed values and the nearest name.

mod number_advice;
mod refused;
mod schema;
mod words;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub use number_advice::{meant_number, meant_whole};
pub use refused::{Refused, every_refusal};
pub use schema::schema;
pub use words::carry;

/// A mistake in a settings block.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {message}")]
pub struct Problem {
    /// Dotted path, such as `model.hidden` or `measure.1.k`. Items of a list have their index.
    pub path: String,
    /// The message, in lower case and without a full stop.
    pub message: String,
    /// The nearest name, the allowed values or an example.
    pub help: Option<String>,
    /// `true` if the key is wrong, not its value.
    pub at_key: bool,
}

impl Problem {
    /// A mistake in the value at `path`.
    #[must_use]
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into(), help: None, at_key: false }
    }

    /// Sets the help.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// Prepends `prefix` to the path: the mistake as seen from an outer block.
    #[must_use]
    pub fn under(self, prefix: &str) -> Self {
        Self { path: join(prefix, &self.path), ..self }
    }
}

/// Joins two dotted paths, either of which may be empty.
#[must_use]
pub fn join(prefix: &str, path: &str) -> String {
    match (prefix.is_empty(), path.is_empty()) {
        (true, _) => path.to_owned(),
        (_, true) => prefix.to_owned(),
        _ => format!("{prefix}.{path}"),
    }
}

/// The value at a dotted path, such as `data.path`.
#[must_use]
pub fn setting<'v>(settings: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(settings, |value, key| value.get(key))
}

/// Parses `value` as `C`. The serialised form of `C` lists the known keys. Missing keys get the defaults of `C`; `null`
/// counts as an empty block. In a nested block with a `name` the keys are not checked, because they depend on the name.
///
/// # Errors
/// All unknown keys and all values of a wrong type. Paths are relative to `value`.
pub fn parse<C: DeserializeOwned + Serialize + Default>(value: &Value) -> Result<C, Vec<Problem>> {
    let empty = Value::Object(serde_json::Map::new());
    let value = if value.is_null() { &empty } else { value };
    let form = |config: &C| {
        serde_json::to_value(config)
            .map_err(|error| vec![Problem::new("", format!("the settings cannot be written as JSON: {error}"))])
    };
    let config = match serde_path_to_error::deserialize::<_, C>(value) {
        Ok(config) => config,
        Err(first) => return Err(every_mistake::<C>(value, &form(&C::default())?, first)),
    };
    let mut problems = Vec::new();
    unknown_keys(value, &form(&config)?, "", &mut problems);
    if problems.is_empty() { Ok(config) } else { Err(problems) }
}

/// All mistakes in `value`; `first` is the first error of serde. Each wrong value is replaced by the default in `known`
/// until the rest can be parsed.
fn every_mistake<C: DeserializeOwned>(
    value: &Value,
    known: &Value,
    first: serde_path_to_error::Error<serde_json::Error>,
) -> Vec<Problem> {
    let (mut problems, mut reported, mut rest, mut error) = (Vec::new(), Vec::new(), value.clone(), first);
    unknown_keys(value, known, "", &mut problems);
    loop {
        let path = error.path().to_string().replace('[', ".").replace(']', "");
        let path = if path == "." { String::new() } else { path };
        if reported.contains(&path) {
            return problems;
        }
        problems.extend(words::problems(&path, &error.inner().to_string()));
        if !replace_by_default(&mut rest, known, &path) {
            return problems;
        }
        reported.push(path);
        error = match serde_path_to_error::deserialize::<_, C>(&rest) {
            Ok(_) => return problems,
            Err(next) => next,
        };
    }
}

/// Replaces the value at `path`, or at the innermost key around it that has a default, by the default. Returns whether
/// the value changed.
fn replace_by_default(value: &mut Value, known: &Value, path: &str) -> bool {
    let (key, rest) = path.split_once('.').unwrap_or((path, ""));
    let (Some(here), Some(default)) = (value.get_mut(key), known.get(key)) else { return false };
    if here.is_object() && default.is_object() && replace_by_default(here, default, rest) {
        return true;
    }
    let changed = here != default;
    default.clone_into(here);
    changed
}

fn unknown_keys(value: &Value, known: &Value, path: &str, problems: &mut Vec<Problem>) {
    let (Value::Object(value), Value::Object(known)) = (value, known) else { return };
    // The keys of a block with a name depend on the name.
    if !path.is_empty() && known.contains_key("name") {
        return;
    }
    for (key, child) in value {
        match known.get(key) {
            Some(known) => unknown_keys(child, known, &join(path, key), problems),
            None => problems.push(unknown(&join(path, key), key, known.keys().map(String::as_str))),
        }
    }
}

/// The mistake of a name or key that is not in `allowed`. Its help suggests the nearest one.
#[must_use]
pub fn unknown<'a>(path: &str, name: &str, allowed: impl IntoIterator<Item = &'a str>) -> Problem {
    let allowed: Vec<_> = allowed.into_iter().collect();
    let help = match nearest(name, allowed.iter().copied()) {
        Some(near) => format!("did you mean `{near}`? Allowed: {}", allowed.join(", ")),
        None if allowed.is_empty() => "no settings are allowed here".to_owned(),
        None => format!("allowed: {}", allowed.join(", ")),
    };
    Problem { at_key: true, ..Problem::new(path, format!("`{name}` is not known here")).help(help) }
}

/// The nearest of `allowed`, if it differs by one letter or by at most a third of the letters.
#[must_use]
pub fn nearest<'a>(name: &str, allowed: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    allowed
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1.max(name.len().min(candidate.len()) / 3))
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde_json::json;

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    struct Config {
        hidden: usize,
        optim: Optim,
    }

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    struct Optim {
        lr: f64,
    }

    #[test]
    fn unknown_keys_are_refused_at_every_depth_with_the_nearest_name() {
        let problems = parse::<Config>(&json!({"hiden": 3, "optim": {"lrr": 1}})).unwrap_err();
        let helps: Vec<_> = problems.iter().map(|p| (p.path.as_str(), p.help.as_deref().unwrap())).collect();
        assert_eq!(
            helps,
            [
                ("hiden", "did you mean `hidden`? Allowed: hidden, optim"),
                ("optim.lrr", "did you mean `lr`? Allowed: lr"),
            ]
        );
    }

    #[test]
    fn a_block_with_a_name_has_keys_of_its_own() {
        #[derive(Debug, Serialize, Deserialize)]
        #[serde(default)]
        struct Outer {
            inner: Value,
        }
        impl Default for Outer {
            fn default() -> Self {
                Self { inner: json!({"name": "a", "of_a": 1}) }
            }
        }
        let named = json!({"inner": {"name": "b", "of_b": 2}});
        assert_eq!(parse::<Outer>(&named).unwrap().inner, named["inner"]);
        assert_eq!(parse::<Outer>(&json!({"iner": 1})).unwrap_err()[0].path, "iner");
    }

    #[test]
    fn a_wrong_type_names_its_path() {
        let problems = parse::<Config>(&json!({"optim": {"lr": "fast"}})).unwrap_err();
        assert_eq!(problems[0].path, "optim.lr");
        assert_eq!(problems[0].message, "expected a number, found the text \"fast\"");
    }

    #[test]
    fn all_mistakes_are_reported_at_once() {
        let problems = parse::<Config>(&json!({"hiden": 3, "hidden": -1, "optim": {"lr": "fast"}})).unwrap_err();
        let messages: Vec<_> =
            problems.iter().map(|problem| (problem.path.as_str(), problem.message.as_str())).collect();
        assert_eq!(
            messages,
            [
                ("hiden", "`hiden` is not known here"),
                ("hidden", "expected a whole number, 0 or more, found `-1`"),
                ("optim.lr", "expected a number, found the text \"fast\""),
            ]
        );
    }

    #[test]
    fn an_unknown_choice_has_the_nearest_one_as_help() {
        #[derive(Debug, Default, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        enum Mode {
            #[default]
            Static,
            Dynamic,
        }
        #[derive(Debug, Default, Serialize, Deserialize)]
        #[serde(default)]
        struct Chosen {
            mode: Mode,
        }
        let problems = parse::<Chosen>(&json!({"mode": "dynamc"})).unwrap_err();
        assert_eq!(problems[0].help.as_deref(), Some("did you mean `dynamic`? Allowed: static, dynamic"));
        assert!(!problems[0].at_key);
    }

    #[test]
    fn problems_of_a_nested_block_keep_their_paths() {
        #[derive(Debug, Default, Serialize)]
        struct Inner;
        impl<'de> Deserialize<'de> for Inner {
            fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
                Err(serde::de::Error::custom(carry(&[unknown("x", "x", ["y"]), Problem::new("z", "far").help("near")])))
            }
        }
        #[derive(Debug, Default, Serialize, Deserialize)]
        #[serde(default)]
        struct Outer {
            inner: Inner,
        }
        let problems = parse::<Outer>(&json!({"inner": {}})).unwrap_err();
        assert_eq!(problems, [unknown("inner.x", "x", ["y"]), Problem::new("inner.z", "far").help("near")]);
    }

    #[test]
    fn missing_settings_get_defaults() {
        assert_eq!(parse::<Config>(&Value::Null).unwrap(), Config::default());
        assert_eq!(parse::<Config>(&json!({"hidden": 2})).unwrap().hidden, 2);
    }
}
