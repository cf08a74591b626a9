//! Matching of combinations against the conditions of a rule.

use serde_json::Value;

use crate::equivalent::same_value;
use crate::grid::Entries;
use crate::node::Node;

/// Returns whether the settings have the values of `condition`. Defaults that the grid does not set never match.
pub(crate) fn matches(settings: &Node, condition: &Entries) -> bool {
    condition.list.iter().all(|entry| {
        settings.find(entry.key.split('.')).is_some_and(|found| is_one_of(&found.to_value(), &entry.value.to_value()))
    })
}

/// Returns whether a value equals `expected` or, if that is a list, one of its items.
fn is_one_of(found: &Value, expected: &Value) -> bool {
    same_value(found, expected) || expected.as_array().is_some_and(|any| any.iter().any(|one| same_value(found, one)))
}
