//! Differences between the identities of two figures of one name.

use std::collections::BTreeSet;

use crate::gate::BaselineFigure;
use crate::summary::Figure;

/// Parts of the identity that differ, such as `v: 1 -> 2` and `n: 360 -> 1000`. Empty for figures that can be compared.
pub(super) fn identity_changes(first: &BaselineFigure, other: &BaselineFigure) -> Vec<String> {
    let parts = [first, other].map(parts);
    let mut keys: Vec<&String> = Vec::new();
    let mut known = BTreeSet::new();
    for (key, _) in parts.iter().flatten() {
        if known.insert(key) {
            keys.push(key);
        }
    }
    let value = |at: usize, key: &str| parts[at].iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
    let change = |key: &&String| (value(0, key) != value(1, key)).then(|| change(key, value(0, key), value(1, key)));
    keys.iter().filter_map(change).collect()
}

fn change(key: &str, first: Option<&str>, other: Option<&str>) -> String {
    let shown = |value: Option<&str>| value.unwrap_or("unset").to_owned();
    format!("{key}: {} -> {}", shown(first), shown(other))
}

fn parts(figure: &BaselineFigure) -> Vec<(String, String)> {
    let name = |(key, value): (String, String)| (if key == "v" { "version".to_owned() } else { key }, value);
    let Figure { direction, .. } = &figure.figure;
    let n = figure.n.map_or_else(|| "unknown".to_owned(), |n| n.to_string());
    let own = [("better".to_owned(), direction.to_string()), ("images".to_owned(), n)];
    figure.figure.parts().into_iter().map(name).chain(own).collect()
}
