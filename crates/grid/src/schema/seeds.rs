//! Schema of `seeds`.

use serde_json::{Value, json};

/// Schema of a number of seeds or a list of seeds.
pub(super) fn schema() -> Value {
    let seed = json!({"type": "integer", "minimum": 0});
    json!({
        "description": "Number of seeds, counted from 0; or a list of seeds.",
        "type": ["integer", "array"],
        "minimum": 1, "maximum": 1_000_000,
        "items": seed, "minItems": 1, "uniqueItems": true,
    })
}

/// Schema of `seeds` at the top level, which also takes `until_decided`.
pub(super) fn at_the_top() -> Value {
    let seeds = json!({"type": "integer", "minimum": 2, "maximum": 10_000});
    let by = json!({
        "description": "Figures whose undecided comparisons add seeds; all figures by default.",
        "type": ["string", "array"], "items": {"type": "string"}, "minItems": 1,
    });
    let interim = json!({
        "description": "Number of seeds at each interim analysis; a quarter and a half of the cap by default.",
        "type": "array", "items": seeds, "minItems": 1,
    });
    let any_time = json!({
        "description": "Analyse after every seed from the third, with tests that are valid at any time. Excludes `interim`.",
        "type": "boolean", "default": false,
    });
    let cap = json!({"description": "Largest number of seeds of a variant.", "allOf": [seeds]});
    let mut schema = schema();
    schema["description"] = "Number of seeds, counted from 0; a list of seeds; or a block with `until_decided`.".into();
    schema["type"] = json!(["integer", "array", "object"]);
    schema["additionalProperties"] = false.into();
    schema["required"] = json!(["until_decided"]);
    schema["properties"] = json!({"until_decided": {
        "description": "Add seeds until every comparison is decided, at analyses fixed in advance or after every seed.",
        "type": "object",
        "required": ["cap"],
        "properties": {"cap": cap, "interim": interim, "any_time": any_time, "by": by},
        "additionalProperties": false,
    }});
    schema
}
