//! Axes: dotted keys and the values that they take in turn, each by itself or zipped with others.

use std::collections::HashMap;

use protocol::params::nearest;
use serde_json::Value;

use crate::meaning::{Axis, Layer};
use crate::merge::{ROOTS, named};
use crate::reader::{Reader, place};
use crate::source::Span;
use crate::written::{Entry, Node};

/// The groups of axes that a level multiplies its variants by: one for each key of its `matrix`,
/// then one for each block of its `zip`.
pub(crate) fn groups(reader: &mut Reader, level: &Node) -> Vec<Vec<Axis>> {
    let matrix = level.entry("matrix").map(|entry| axes(reader, entry)).unwrap_or_default();
    let mut groups: Vec<Vec<Axis>> = matrix.into_iter().map(|axis| vec![axis]).collect();
    if let Some(entry) = level.entry("zip") {
        let zips = match entry.value.items() {
            Some(items) => items.iter().collect(),
            None => vec![&entry.value],
        };
        for node in zips {
            groups.extend(zip(reader, entry, node));
        }
    }
    twice(reader, &groups);
    groups
}

/// Reads a `matrix`: each key with at least one value, no value twice.
fn axes(reader: &mut Reader, entry: &Entry) -> Vec<Axis> {
    let Some(entries) = entry.value.entries() else {
        reader.wrong(entry, "a block of dotted keys with lists", "matrix: {model.hidden: [100, 500]}");
        return Vec::new();
    };
    entries.iter().filter_map(|entry| axis(reader, entry, "a matrix", true)).collect()
}

/// Reads one block of a `zip`: lists of the same length, whose values go together.
fn zip(reader: &mut Reader, entry: &Entry, node: &Node) -> Option<Vec<Axis>> {
    let Some(entries) = node.entries().filter(|entries| !entries.is_empty()) else {
        let help = "write such as `zip: {model.hidden: [100, 500], train.epochs: [10, 20]}`";
        let message = format!("`zip` takes a block of dotted keys with lists, not {}", empty_or_kind(node));
        reader.tell(if node == &entry.value { place(entry) } else { node.span }, message, help);
        return None;
    };
    let columns: Vec<_> = entries.iter().filter_map(|entry| axis(reader, entry, "a zip", false)).collect();
    let first = columns.first()?;
    let mut equal = columns.len() == entries.len();
    for other in &columns[1..] {
        let (here, there) = (other.items.len(), first.items.len());
        if here != there {
            let message = format!("`{}` has {}, but `{}` has {}", other.key, values(here), first.key, values(there));
            let help = "the lists of a zip go together, value by value: give them the same length";
            reader.clash(other.span, message, help, (first.span, values(there).as_str()));
            equal = false;
        }
    }
    if !equal {
        return None;
    }
    let mut seen: HashMap<String, Span> = HashMap::new();
    for row in 0..first.items.len() {
        let this: Vec<_> = columns.iter().map(|column| column.items[row].to_value()).collect();
        let span = first.items[row].span;
        if let Some(earlier) = seen.insert(Value::Array(this).to_string(), span) {
            let help = "each row is a trial of its own; list it once";
            reader.clash(span, "this row of the zip is there twice".to_owned(), help, (earlier, "first listed here"));
        }
    }
    Some(columns)
}

fn values(count: usize) -> String {
    if count == 1 { "1 value".to_owned() } else { format!("{count} values") }
}

pub(crate) fn empty_or_kind(node: &Node) -> &'static str {
    match (node.entries(), node.items()) {
        (Some([]), _) => "an empty block",
        (_, Some([])) => "an empty list",
        _ => node.kind(),
    }
}

/// Refuses a key that two axes of one level vary.
fn twice(reader: &mut Reader, groups: &[Vec<Axis>]) {
    let mut first: HashMap<&str, Span> = HashMap::new();
    for axis in groups.iter().flatten() {
        if let Some(earlier) = first.insert(&axis.key, axis.span) {
            let help = "a key is varied by a matrix or by one zip: keep one of them";
            reader.clash(axis.span, format!("`{}` is varied twice", axis.key), help, (earlier, "first varied here"));
        }
    }
}

/// Tells a key that leads to no setting; `what` names those who asked.
pub(crate) fn dotted(reader: &mut Reader, key: &str, span: Span, what: &str) -> bool {
    let root = key.split('.').next().unwrap_or_default();
    let good = ROOTS.contains(&root) && !key.split('.').any(str::is_empty);
    if !good {
        let near = nearest(root, ROOTS).filter(|near| *near != root);
        let near = near.map(|near| format!("did you mean `{near}{}`? ", &key[root.len()..])).unwrap_or_default();
        let article = if what.contains("matrix") || what.contains("zip") { "an axis is" } else { "write" };
        let help =
            format!("{near}{article} a dotted key such as `model.hidden`; it starts with one of {}", ROOTS.join(", "));
        reader.tell(span, format!("`{key}` is not a key that {what}"), help);
    }
    good
}

fn axis(reader: &mut Reader, entry: &Entry, what: &str, unique: bool) -> Option<Axis> {
    let Entry { key, key_span, value } = entry;
    let root = key.split('.').next().unwrap_or_default();
    if !dotted(reader, key, *key_span, &format!("{what} can vary")) {
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
        if unique && let Some(earlier) = first.insert(item.to_value().to_string(), item.span) {
            let help = "each value is a trial of its own; list it once";
            reader.clash(item.span, format!("`{key}` has this value twice"), help, (earlier, "first listed here"));
        }
    }
    let bare = |item: &Node| bare(key, item);
    (reader.mistakes() == before).then(|| Axis {
        key: key.clone(),
        span: *key_span,
        items: items.iter().map(bare).collect(),
    })
}

/// What stands at a key: a bare name of a whole block is the block that it is short for.
pub(crate) fn bare(key: &str, item: &Node) -> Node {
    if ROOTS.contains(&key) && key != "measure" { named(item.clone()) } else { item.clone() }
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
    for axis in outer.into_iter().flat_map(|layer| layer.axes()).chain(inner.axes()) {
        if inner.settings.find(axis.key.split('.')).is_none() {
            continue;
        }
        let Some(span) = inner.settings.locate(&axis.key, true) else { continue };
        let help = "the matrix would override it: keep one of the two";
        let message = format!("`{}` is written here and varied by a matrix", axis.key);
        reader.clash(span, message, help, (axis.span, "varied here"));
    }
}
