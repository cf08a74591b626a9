//! Matching of combinations against the conditions of a rule.

use serde_json::Value;

use crate::grid::Entries;
use crate::node::Node;

/// Whether the settings have the values of `condition`. Defaults that the grid does not set never match.
pub(crate) fn matches(settings: &Node, condition: &Entries) -> bool {
    condition.list.iter().all(|entry| {
        settings.find(entry.key.split('.')).is_some_and(|found| is_one_of(&found.to_value(), &entry.value.to_value()))
    })
}

/// Whether a value equals `expected` or, if that is a list, one of its items.
fn is_one_of(found: &Value, expected: &Value) -> bool {
    same(found, expected) || expected.as_array().is_some_and(|any| any.iter().any(|one| same(found, one)))
}

/// Whether two values mean the same: 1 equals 1.0, and a bare name equals a block with that `name`.
pub(crate) fn same(found: &Value, expected: &Value) -> bool {
    match (found, expected) {
        (Value::Number(a), Value::Number(b)) => a == b || (a.is_f64() || b.is_f64()) && a.as_f64() == b.as_f64(),
        (Value::Object(block), Value::String(_)) => block.get("name") == Some(expected),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        // A bare name has already been expanded to a block.
        (Value::Object(a), Value::Object(b)) if b.len() == 1 && b.contains_key("name") => {
            a.get("name") == b.get("name")
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => found == expected,
    }
}
