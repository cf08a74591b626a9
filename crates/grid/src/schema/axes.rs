//! `matrix`, `zip` and the rules: blocks of dotted keys.

use serde_json::{Value, json};

use super::dotted::Keys;

/// The definitions of what multiplies a level and of what is taken from it and added to it.
pub(super) fn definitions(keys: &Keys) -> [(&'static str, Value); 4] {
    let lists = |unique: bool| {
        keys.object(|setting| json!({"type": "array", "items": setting, "minItems": 1, "uniqueItems": unique}), &[])
    };
    let mut zip = lists(false);
    zip["minProperties"] = 1.into();
    let mut condition = keys.object(|_| json!({}), &[]);
    condition["minProperties"] = 1.into();
    let new = json!({"type": "boolean", "default": false, "description": "A combination of its own is meant."});
    let mut include = keys.object(Value::clone, &[("new", new)]);
    include["minProperties"] = 1.into();
    [("matrix", lists(true)), ("zip", zip), ("condition", condition), ("include", include)]
}

/// One block or a list of them.
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
