//! How a settings block becomes a typed configuration: unknown keys are refused at every depth,
//! each mistake carries its path, what is allowed and what was probably meant.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A mistake in a settings block.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {message}")]
pub struct Problem {
    /// Where, in dots: `model.hidden`, `measure.1.k`. A list item is its index.
    pub path: String,
    /// What is wrong: a lowercase fragment.
    pub message: String,
    /// What to do about it: the nearest name, or what is allowed.
    pub help: Option<String>,
    /// Whether the key itself is meant rather than its value.
    pub at_key: bool,
}

impl Problem {
    /// A mistake in the value at `path`.
    #[must_use]
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into(), help: None, at_key: false }
    }

    /// With advice.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// The same mistake, seen from the block that holds this one at `prefix`.
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

/// Reads `value` as `C`, whose own serialised form says which keys exist. Missing keys take
/// `C`'s defaults; `null` counts as a missing block. Keys beside a nested `name` are left to whoever
/// knows the name.
///
/// # Errors
/// Every unknown key, or the first value of a wrong type; paths are relative to `value`.
pub fn parse<C: DeserializeOwned + Serialize + Default>(value: &Value) -> Result<C, Vec<Problem>> {
    let known = serde_json::to_value(C::default())
        .map_err(|error| vec![Problem::new("", format!("has no default form: {error}"))])?;
    let empty = Value::Object(serde_json::Map::new());
    let value = if value.is_null() { &empty } else { value };
    let mut problems = Vec::new();
    unknown_keys(value, &known, "", &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string().replace('[', ".").replace(']', "");
        let path = if path == "." { String::new() } else { path };
        vec![Problem::new(path, error.into_inner().to_string())]
    })
}

fn unknown_keys(value: &Value, known: &Value, path: &str, problems: &mut Vec<Problem>) {
    let (Value::Object(value), Value::Object(known)) = (value, known) else { return };
    // A block that names something has that thing's keys, not those of the default.
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

/// The mistake of a name that is none of `allowed`, with the nearest one as advice.
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

/// The nearest of `allowed`, if it is near enough to be a slip of the hand.
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
        let told: Vec<_> = problems.iter().map(|p| (p.path.as_str(), p.help.as_deref().unwrap())).collect();
        assert_eq!(
            told,
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
        assert!(problems[0].message.contains("expected f64"), "{}", problems[0].message);
    }

    #[test]
    fn defaults_fill_what_is_missing() {
        assert_eq!(parse::<Config>(&Value::Null).unwrap(), Config::default());
        assert_eq!(parse::<Config>(&json!({"hidden": 2})).unwrap().hidden, 2);
    }
}
