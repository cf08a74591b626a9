//! All dotted keys of settings, each with the schema of its setting.

use serde_json::{Map, Value, json};

use super::named::{properties, union};
use crate::catalog::Vocabulary;

/// Dotted keys: those that can be listed, and patterns for keys inside lists and open blocks.
pub(super) struct Keys {
    pub(super) exact: Map<String, Value>,
    pub(super) patterns: Map<String, Value>,
}

impl Keys {
    /// The keys of `model`, `data`, `train` and `measure`, with the four blocks themselves.
    pub(super) fn of(vocabulary: &Vocabulary) -> Self {
        let mut keys = Self { exact: Map::new(), patterns: Map::new() };
        for (root, listed) in [("model", &vocabulary.models), ("data", &vocabulary.data)] {
            keys.exact.insert(root.to_owned(), json!({"$ref": format!("#/definitions/{root}")}));
            let names = listed.iter().map(|one| json!(one.name)).collect::<Vec<_>>();
            keys.exact.insert(format!("{root}.name"), json!({"enum": names}));
            keys.add(root, &union(listed));
        }
        for root in ["train", "measure"] {
            keys.exact.insert(root.to_owned(), json!({"$ref": format!("#/definitions/{root}")}));
        }
        keys.add("train", &properties(&vocabulary.train).cloned().unwrap_or_default());
        // The items of `measure` depend on the grid.
        keys.patterns.insert("^measure\\.[0-9]+(\\.[^.]+)*$".to_owned(), json!({}));
        keys
    }

    fn add(&mut self, root: &str, settings: &Map<String, Value>) {
        for (key, schema) in settings {
            let path = format!("{root}.{key}");
            match properties(schema) {
                Some(inner) => self.add(&path, inner),
                None if has_inner_keys(schema) => {
                    self.patterns.insert(format!("^{}(\\.[^.]+)+$", path.replace('.', "\\.")), json!({}));
                }
                None => {}
            }
            self.exact.insert(path, schema.clone());
        }
    }

    /// Schema of an object with these keys only; `value` maps the schema of a setting to the schema at its key.
    pub(super) fn object(&self, value: impl Fn(&Value) -> Value, more: &[(&str, Value)]) -> Value {
        let each = |keys: &Map<String, Value>| -> Map<String, Value> {
            keys.iter().map(|(key, schema)| (key.clone(), value(schema))).collect()
        };
        let mut exact = each(&self.exact);
        exact.extend(more.iter().map(|(key, schema)| ((*key).to_owned(), schema.clone())));
        json!({
            "type": "object",
            "properties": exact,
            "patternProperties": each(&self.patterns),
            "additionalProperties": false,
        })
    }
}

/// Returns whether dotted keys can go inside the setting: it may be a list, or a block with a schema of its own.
fn has_inner_keys(schema: &Value) -> bool {
    let kind = &schema["type"];
    let list = kind == "array" || kind.as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == "array"));
    let any = schema["anyOf"].as_array().is_some_and(|any| any.iter().any(has_inner_keys));
    list || any || schema.get("$ref").is_some()
}
