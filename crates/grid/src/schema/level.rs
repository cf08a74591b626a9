//! Schema of the keys that the top level, a block and a variant share.

use serde_json::{Map, Value, json};

use super::axes::one_or_several;

/// The keys that `parse.rs` reads at every level: settings, axes and rules.
pub(super) fn common() -> Map<String, Value> {
    let reference = |definition: &str| json!({"$ref": format!("#/definitions/{definition}")});
    let matrix = json!({
        "description": "Dotted keys with lists of values; every combination is a variant. The first key varies slowest.",
        "allOf": [reference("matrix")],
    });
    Map::from_iter([
        ("data".to_owned(), reference("data_setting")),
        ("train".to_owned(), reference("train")),
        ("measure".to_owned(), reference("measure")),
        ("matrix".to_owned(), matrix),
        (
            "zip".to_owned(),
            one_or_several(
                "zip",
                "Dotted keys with lists of equal length: the first values form one variant, the second values the next.",
            ),
        ),
        (
            "exclude".to_owned(),
            one_or_several("condition", "Combinations to remove: those that have all values of one block."),
        ),
        (
            "when".to_owned(),
            one_or_several("condition", "Combinations to keep: those that have all values of one block."),
        ),
        (
            "include".to_owned(),
            one_or_several(
                "include",
                "Settings to add to the combinations whose axes have the same values, or new combinations.",
            ),
        ),
    ])
}

/// Schema of a level: a closed object with the shared keys and `more`.
pub(super) fn level(about: &str, more: &[(&str, Value)]) -> Value {
    let mut properties = common();
    properties.extend(more.iter().map(|(key, schema)| ((*key).to_owned(), schema.clone())));
    json!({"description": about, "type": "object", "properties": properties, "additionalProperties": false})
}

/// Schema of text that is not blank.
pub(super) fn text(about: &str) -> Value {
    json!({"description": about, "type": "string", "pattern": "\\S"})
}

/// Schema of a list with at least one item.
pub(super) fn list(items: Value, about: &str) -> Value {
    json!({"description": about, "type": "array", "items": items, "minItems": 1})
}
