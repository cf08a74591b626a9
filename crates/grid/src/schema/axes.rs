//! Schemas of `matrix`, `zip` and the rules, which are blocks of dotted keys.

use serde_json::{Value, json};

use super::dotted::Keys;

/// Definitions of `matrix`, `zip`, the conditions of `exclude` and `when`, and `include`.
pub(super) fn definitions(keys: &Keys) -> [(&'static str, Value); 4] {
    let lists = |unique: bool| {
        keys.object(|setting| json!({"type": "array", "items": setting, "minItems": 1, "uniqueItems": unique}), &[])
    };
    let mut zip = lists(false);
    zip["minProperties"] = 1.into();
    let mut condition = keys.object(|_| json!({}), &[]);
    condition["minProperties"] = 1.into();
    let new = json!({"type": "boolean", "default": false, "description": "Always adds a combination, instead of extending those that match."});
    let mut include = keys.object(Value::clone, &[("new", new)]);
    include["minProperties"] = 1.into();
    [("matrix", lists(true)), ("zip", zip), ("condition", condition), ("include", include)]
}

/// Schema of one block or a list of blocks.
pub(super) fn one_or_several(definition: &str, about: &str) -> Value {
    let one = json!({"$ref": format!("#/definitions/{definition}")});
    json!({
        "description": about,
        "type": ["object", "array"],
        "if": {"type": "array"},
        "then": {"items": one, "minItems": 1},
        "else": one,
    })
}
