//! What the top level, a block and a variant have in common.

use serde_json::{Map, Value, json};

use super::axes::one_or_several;

/// The keys that `read.rs` reads at every level: settings, axes and rules.
pub(super) fn common() -> Map<String, Value> {
    let reference = |definition: &str| json!({"$ref": format!("#/definitions/{definition}")});
    let matrix = json!({
        "description": "Dotted keys and the values that they take in turn; the first is the slowest.",
        "allOf": [reference("matrix")],
    });
    Map::from_iter([
        ("data".to_owned(), reference("data_setting")),
        ("train".to_owned(), reference("train")),
        ("measure".to_owned(), reference("measure")),
        ("matrix".to_owned(), matrix),
        ("zip".to_owned(), one_or_several("zip", "Dotted keys whose values go together, value by value.")),
        ("exclude".to_owned(), one_or_several("condition", "Combinations that are left out.")),
        ("when".to_owned(), one_or_several("condition", "A combination that fits none of these is left out.")),
        ("include".to_owned(), one_or_several("include", "Settings added to the combinations that agree.")),
    ])
}

/// A closed object of the keys of every level and `more`.
pub(super) fn level(about: &str, more: &[(&str, Value)]) -> Value {
    let mut properties = common();
    properties.extend(more.iter().map(|(key, schema)| ((*key).to_owned(), schema.clone())));
    json!({"description": about, "type": "object", "properties": properties, "additionalProperties": false})
}

/// One line of text.
pub(super) fn text(about: &str) -> Value {
    json!({"description": about, "type": "string", "pattern": "\\S"})
}

/// A list of this, with at least one item.
pub(super) fn list(items: Value, about: &str) -> Value {
    json!({"description": about, "type": "array", "items": items, "minItems": 1})
}
