//! `seeds`.

use serde_json::{Value, json};

/// A count, or a list.
pub(super) fn schema() -> Value {
    let seed = json!({"type": "integer", "minimum": 0});
    json!({
        "description": "How many seeds to count from 0, or a list of them.",
        "type": ["integer", "array"],
        "minimum": 1, "maximum": 1_000_000,
        "items": seed, "minItems": 1, "uniqueItems": true,
    })
}

/// The same, or seeds until the comparisons are decided: see `looks.rs`.
pub(super) fn at_the_top() -> Value {
    let seeds = json!({"type": "integer", "minimum": 2, "maximum": 10_000});
    let by = json!({
        "description": "The figures whose comparisons call for more seeds; by default all.",
        "type": ["string", "array"], "items": {"type": "string"}, "minItems": 1,
    });
    let looks = json!({
        "description": "How many seeds there are at each look; by default a quarter of the cap and half of it.",
        "type": "array", "items": seeds, "minItems": 1,
    });
    let cap = json!({"description": "The most seeds of a variant.", "allOf": [seeds]});
    let mut schema = schema();
    schema["description"] = "How many seeds to count from 0, a list of them, or `until_decided`.".into();
    schema["type"] = json!(["integer", "array", "object"]);
    schema["additionalProperties"] = false.into();
    schema["required"] = json!(["until_decided"]);
    schema["properties"] = json!({"until_decided": {
        "description": "Seeds are added until every comparison is decided, at looks fixed in advance.",
        "type": "object",
        "required": ["cap"],
        "properties": {"cap": cap, "looks": looks, "by": by},
        "additionalProperties": false,
    }});
    schema
}
