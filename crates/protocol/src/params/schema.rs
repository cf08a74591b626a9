//! The shape of a settings block as JSON Schema (draft 7), from its type and its comments.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

/// The schema of `C`: an object whose `properties`, each with its comment and its default, are all there are.
#[must_use]
pub fn schema<C: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft07().with(|settings| {
        settings.meta_schema = None;
        settings.inline_subschemas = true;
    });
    let mut schema = Value::from(settings.into_generator().into_root_schema_for::<C>());
    tidy(&mut schema);
    schema
}

/// Closes blocks of settings, and leaves out what only a reader of Rust understands.
fn tidy(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            map.remove("title");
            map.remove("format");
            if let Some(Value::String(text)) = map.get_mut("description") {
                *text = text.replace("[`", "`").replace("`]", "`");
            }
            if map.get("type").is_some_and(|kind| kind == "object") {
                map.entry("properties").or_insert_with(|| Map::new().into());
                map.entry("additionalProperties").or_insert(false.into());
            }
            // A setting may be called `title`; under `properties` it is a key, not a word of the schema.
            for (key, inner) in map.iter_mut().filter(|(key, _)| !["default", "enum", "const"].contains(&key.as_str()))
            {
                match inner.as_object_mut().filter(|_| key == "properties") {
                    Some(properties) => properties.values_mut().for_each(tidy),
                    None => tidy(inner),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::{Deserialize, Serialize};
    use serde_json::json;

    #[derive(Serialize, Deserialize, JsonSchema)]
    #[serde(default)]
    struct Config {
        /// Units, as in [`Config`].
        hidden: u32,
        /// What it is called.
        title: Option<String>,
    }

    impl Default for Config {
        fn default() -> Self {
            Self { hidden: 3, title: None }
        }
    }

    #[test]
    fn comments_and_defaults_are_in_it() {
        let expected = json!({
            "type": "object",
            "additionalProperties": false,
            "properties": {
                "hidden": {"type": "integer", "minimum": 0, "default": 3, "description": "Units, as in `Config`."},
                "title": {"type": ["string", "null"], "default": null, "description": "What it is called."},
            },
        });
        assert_eq!(schema::<Config>(), expected);
    }
}
