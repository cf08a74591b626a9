//! Whether a combination is what a rule asks for.

use serde_json::Value;

use crate::meaning::Entries;
use crate::written::Node;

/// Whether all keys have the asked values among the written settings; defaults that are not
/// written fit nothing.
pub(crate) fn fits(settings: &Node, asked: &Entries) -> bool {
    asked.list.iter().all(|entry| {
        settings.find(entry.key.split('.')).is_some_and(|found| is(&found.to_value(), &entry.value.to_value()))
    })
}

/// Whether a value is what was asked for: the same, or one of a list.
fn is(found: &Value, asked: &Value) -> bool {
    same(found, asked) || asked.as_array().is_some_and(|any| any.iter().any(|one| same(found, one)))
}

/// Equal as a reader of YAML sees it: 1 is 1.0, and a name is the block that has it.
pub(crate) fn same(found: &Value, asked: &Value) -> bool {
    match (found, asked) {
        (Value::Number(a), Value::Number(b)) => a == b || (a.is_f64() || b.is_f64()) && a.as_f64() == b.as_f64(),
        (Value::Object(block), Value::String(_)) => block.get("name") == Some(asked),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        // A bare name of a whole block has become a block by now.
        (Value::Object(a), Value::Object(b)) if b.len() == 1 && b.contains_key("name") => {
            a.get("name") == b.get("name")
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => found == asked,
    }
}
