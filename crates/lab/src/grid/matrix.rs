//! Axes: dotted keys and the values that they take in turn.

use std::collections::HashMap;

use super::meaning::{Axis, Layer};
use super::merge::{ROOTS, named};
use super::reader::Reader;
use super::source::Span;
use super::written::{Entry, Node};

/// Reads a `matrix`: each key with at least one value, no value twice.
pub(crate) fn axes(reader: &mut Reader, entry: &Entry) -> Vec<Axis> {
    let Some(entries) = entry.value.entries() else {
        reader.wrong(entry, "a block of dotted keys with lists", "matrix: {model.hidden: [100, 500]}");
        return Vec::new();
    };
    entries.iter().filter_map(|entry| axis(reader, entry)).collect()
}

fn axis(reader: &mut Reader, entry: &Entry) -> Option<Axis> {
    let Entry { key, key_span, value } = entry;
    let root = key.split('.').next().unwrap_or_default();
    if !ROOTS.contains(&root) || key.split('.').any(str::is_empty) {
        let help =
            format!("an axis is a dotted key such as `model.hidden`; it starts with one of {}", ROOTS.join(", "));
        reader.tell(*key_span, format!("`{key}` is not a key that a matrix can vary"), help);
        return None;
    }
    let Some(items) = value.items() else {
        reader.wrong(entry, "a list of values", &format!("{key}: [...]"));
        return None;
    };
    if items.is_empty() {
        reader.tell(*key_span, format!("`{key}` has no values"), "without a value there is no trial; list one or more");
        return None;
    }
    let whole = key == root;
    let before = reader.mistakes();
    let mut first: HashMap<String, Span> = HashMap::new();
    for item in items {
        if whole {
            settings(reader, root, item.span, item);
        }
        if let Some(earlier) = first.insert(item.to_value().to_string(), item.span) {
            let help = "each value is a trial of its own; list it once";
            reader.clash(item.span, format!("`{key}` has this value twice"), help, (earlier, "first listed here"));
        }
    }
    let bare = |item: &Node| if whole && root != "measure" { named(item.clone()) } else { item.clone() };
    (reader.mistakes() == before).then(|| Axis {
        key: key.clone(),
        span: *key_span,
        items: items.iter().map(bare).collect(),
    })
}

/// Checks the shape of what stands at `model`, `data`, `train` or `measure`.
pub(crate) fn settings(reader: &mut Reader, root: &str, span: Span, node: &Node) -> bool {
    let is_named = |node: &Node| node.entries().is_some() || node.text().is_some();
    let (takes, example) = match root {
        "train" => ("a block of settings", "train: {epochs: 10}"),
        "measure" => ("a list of names or blocks of settings", "measure: [nll, {name: iwae, k: 50}]"),
        "data" => ("a name or a block of settings", "data: digits"),
        _ => ("a name or a block of settings", "model: {name: nade, hidden: 500}"),
    };
    let (span, wrong) = match (root, node.items()) {
        ("train", _) => (span, node.entries().is_none().then_some(node)),
        ("measure", Some(items)) => {
            let wrong = items.iter().find(|item| !is_named(item));
            (wrong.map_or(span, |item| item.span), wrong)
        }
        ("measure", None) => (span, Some(node)),
        _ => (span, (!is_named(node)).then_some(node)),
    };
    if let Some(wrong) = wrong {
        let help = format!("write such as `{example}`");
        reader.tell(span, format!("`{root}` takes {takes}, not {}", wrong.kind()), help);
    }
    wrong.is_none()
}

/// Refuses a key that is written at or inside the level that a matrix varies it from: what was
/// written would never be used.
pub(crate) fn conflicts<'a>(reader: &mut Reader, outer: impl IntoIterator<Item = &'a Layer>, inner: &Layer) {
    for axis in outer.into_iter().flat_map(|layer| &layer.axes).chain(&inner.axes) {
        if inner.settings.find(axis.key.split('.')).is_none() {
            continue;
        }
        let Some(span) = inner.settings.locate(&axis.key, true) else { continue };
        let help = "the matrix would override it: keep one of the two";
        let message = format!("`{}` is written here and varied by a matrix", axis.key);
        reader.clash(span, message, help, (axis.span, "varied here"));
    }
}
