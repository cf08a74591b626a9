//! JSON Schema (draft 7) of a block of settings, from its type and its doc comments.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

/// Returns the schema of `C`: a closed object with the doc comment and default of each property.
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

/// Closes blocks of settings, and removes the parts that only readers of Rust understand.
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
            // A setting may be called `title`; under `properties` it is a key, not a keyword of the schema.
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
        /// Text above the plot.
        title: Option<String>,
    }

    impl Default for Config {
        fn default() -> Self {
            Self { hidden: 3, title: None }
        }
    }

    #[test]
    fn a_schema_has_comments_and_defaults() {
        let expected = json!({
            "type": "object",
            "additionalProperties": false,
            "properties": {
                "hidden": {"type": "integer", "minimum": 0, "default": 3, "description": "Units, as in `Config`."},
                "title": {"type": ["string", "null"], "default": null, "description": "Text above the plot."},
            },
        });
        assert_eq!(schema::<Config>(), expected);
    }
}
