//! Equivalent settings: two keys for one thing, such as a length in steps or in epochs, or the old name of a key.

use std::borrow::Cow;

use protocol::params::join;
use serde_json::Value;

/// Pairs of keys of one block: the dotted key of the block, and the two keys.
const PAIRS: [(&str, [&str; 2]); 4] = [
    ("train", ["steps", "epochs"]),
    ("matrix", ["train.steps", "train.epochs"]),
    ("zip", ["train.steps", "train.epochs"]),
    ("seeds.until_decided", ["interim", "looks"]),
];

/// The other key for the setting `key` of the block at `path`.
pub(crate) fn twin(path: &str, key: &str) -> Option<&'static str> {
    PAIRS.into_iter().filter(|(block, _)| *block == path).find_map(|(_, pair)| match pair {
        [one, other] if one == key => Some(other),
        [one, other] if other == key => Some(one),
        _ => None,
    })
}

/// The dotted key that is equivalent to `key`.
pub(crate) fn equivalent(key: &str) -> Option<String> {
    let (block, last) = key.rsplit_once('.')?;
    Some(join(block, twin(block, last)?))
}

/// The same text for all equivalent keys.
pub(crate) fn canonical(key: &str) -> Cow<'_, str> {
    match equivalent(key) {
        Some(other) if *other < *key => Cow::Owned(other),
        _ => Cow::Borrowed(key),
    }
}

/// Returns whether two dotted keys are equal or equivalent.
pub(crate) fn same_key(one: &str, other: &str) -> bool {
    canonical(one) == canonical(other)
}

/// Returns whether `inner` is a key inside the block at `outer`.
pub(crate) fn inside(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('.'))
}

/// Returns whether two dotted keys set the same thing: equal or equivalent keys, or a block and a key inside it.
pub(crate) fn overlap(one: &str, other: &str) -> bool {
    same_key(one, other) || inside(one, other) || inside(other, one)
}

/// Returns whether two values mean the same: 1 equals 1.0, and a bare name equals a block with that `name`.
pub(crate) fn same_value(found: &Value, expected: &Value) -> bool {
    match (found, expected) {
        (Value::Number(a), Value::Number(b)) => a == b || (a.is_f64() || b.is_f64()) && a.as_f64() == b.as_f64(),
        (Value::Object(block), Value::String(_)) => block.get("name") == Some(expected),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_value(a, b)),
        // A bare name has already been expanded to a block.
        (Value::Object(a), Value::Object(b)) if b.len() == 1 && b.contains_key("name") => {
            a.get("name") == b.get("name")
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same_value(a, b)))
        }
        _ => found == expected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equivalent_keys_overlap_and_similar_ones_do_not() {
        assert_eq!((twin("train", "epochs"), twin("model", "epochs")), (Some("steps"), None));
        assert!(same_key("train.steps", "train.epochs") && !same_key("model.steps", "model.epochs"));
        assert!(overlap("train.steps", "train.epochs") && overlap("train", "train.epochs"));
        assert!(overlap("model.optim.lr", "model.optim"));
        assert!(!overlap("model.hidden", "model.hidden_bias") && !overlap("train.steps", "train.batch_size"));
    }
}
