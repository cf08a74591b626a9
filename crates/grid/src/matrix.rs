//! Reading of axes: dotted keys with lists of values, from `matrix` and `zip`.

use std::borrow::Cow;
use std::collections::HashMap;

use protocol::params::nearest;
use protocol::text::count;
use serde_json::Value;

use crate::conflicts;
use crate::equivalent::canonical;
use crate::grid::Axis;
use crate::merge::{ROOTS, named};
use crate::node::{Entry, Node};
use crate::reader::{Reader, value_span};
use crate::source::Span;

/// Reads the groups of axes of a level: one group per key of `matrix`, then one group per block of `zip`.
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

/// Reads a `matrix`. Each key needs at least one value and no value twice.
fn axes(reader: &mut Reader, entry: &Entry) -> Vec<Axis> {
    let Some(entries) = entry.value.entries() else {
        reader.wrong(entry, "a block of dotted keys with lists", "matrix: {model.hidden: [100, 500]}");
        return Vec::new();
    };
    entries.iter().filter_map(|entry| axis(reader, entry, "`matrix`", true)).collect()
}

/// Reads one block of a `zip`: lists of the same length.
fn zip(reader: &mut Reader, entry: &Entry, node: &Node) -> Option<Vec<Axis>> {
    let Some(entries) = node.entries().filter(|entries| !entries.is_empty()) else {
        let help = "for example `zip: {model.hidden: [100, 500], train.epochs: [10, 20]}`";
        let message = format!("`zip` takes a block of dotted keys with lists, not {}", empty_or_kind(node));
        reader.error(if node == &entry.value { value_span(entry) } else { node.span }, message, help);
        return None;
    };
    let columns: Vec<_> = entries.iter().filter_map(|entry| axis(reader, entry, "`zip`", false)).collect();
    let first = columns.first()?;
    let mut equal = columns.len() == entries.len();
    for other in &columns[1..] {
        let (here, there) = (other.items.len(), first.items.len());
        if here != there {
            let message = format!("`{}` has {}, but `{}` has {}", other.key, values(here), first.key, values(there));
            let help = "all lists of a `zip` must have the same length";
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
            let help = "list each row once";
            reader.clash(
                span,
                "this row of the `zip` is listed twice".to_owned(),
                help,
                (earlier, "first listed here"),
            );
        }
    }
    Some(columns)
}

fn values(number: usize) -> String {
    count(number, "value")
}

pub(crate) fn empty_or_kind(node: &Node) -> &'static str {
    match (node.entries(), node.items()) {
        (Some([]), _) => "an empty block",
        (_, Some([])) => "an empty list",
        _ => node.kind(),
    }
}

/// Refuses a setting that two axes of one level vary, also under two keys.
fn twice(reader: &mut Reader, groups: &[Vec<Axis>]) {
    let mut first: HashMap<Cow<'_, str>, &Axis> = HashMap::new();
    for axis in groups.iter().flatten() {
        let Some(earlier) = first.insert(canonical(&axis.key), axis) else { continue };
        let (message, help) = match earlier.key == axis.key {
            true => (format!("`{}` is varied twice", axis.key), "list a key in one `matrix` or one `zip` only"),
            false => (format!("`{}` and `{}` set the same thing", earlier.key, axis.key), "remove one of the two axes"),
        };
        reader.clash(axis.span, message, help, (earlier.span, "first varied here"));
    }
}

/// Checks a dotted key and reports one that cannot be a setting; `done` completes the message "`KEY` cannot be ...".
pub(crate) fn dotted(reader: &mut Reader, key: &str, span: Span, done: &str) -> bool {
    let root = key.split('.').next().unwrap_or_default();
    let good = ROOTS.contains(&root) && !key.split('.').any(str::is_empty);
    if !good {
        let near = nearest(root, ROOTS).filter(|near| *near != root);
        let near = near.map(|near| format!("did you mean `{near}{}`? ", &key[root.len()..])).unwrap_or_default();
        let dotted = if near.is_empty() { "dotted" } else { "Dotted" };
        let help = format!("{near}{dotted} keys such as `model.hidden` start with one of: {}", ROOTS.join(", "));
        reader.error(span, format!("`{key}` cannot be {done}"), help);
    }
    good
}

fn axis(reader: &mut Reader, entry: &Entry, rule: &str, unique: bool) -> Option<Axis> {
    let Entry { key, key_span, value } = entry;
    let root = key.split('.').next().unwrap_or_default();
    if !dotted(reader, key, *key_span, &format!("varied by {rule}")) {
        return None;
    }
    let Some(items) = value.items() else {
        let written = reader.source.slice(value.span).trim();
        let items = if written.is_empty() || written.contains('\n') { "1, 2" } else { written };
        let example = format!("{key}: [{items}]");
        reader.wrong(entry, "a list of values", &example);
        return None;
    };
    if items.is_empty() {
        reader.error(*key_span, format!("`{key}` has no values"), "list at least one value");
        return None;
    }
    let whole = key == root;
    let before = reader.mistakes();
    let mut first: HashMap<String, Span> = HashMap::new();
    for item in items {
        if whole {
            settings(reader, root, item.span, item);
        }
        let value = Entry { key: key.clone(), key_span: item.span, value: item.clone() };
        conflicts::within(reader, std::slice::from_ref(&value));
        if unique && let Some(earlier) = first.insert(item.to_value().to_string(), item.span) {
            let help = "list each value once";
            reader.clash(item.span, format!("`{key}` lists this value twice"), help, (earlier, "first listed here"));
        }
    }
    let bare = |item: &Node| bare(key, item);
    (reader.mistakes() == before).then(|| Axis {
        key: key.clone(),
        span: *key_span,
        items: items.iter().map(bare).collect(),
    })
}

/// Expands a bare name at `model`, `data` or `train` to a block with that `name`; returns other values unchanged.
pub(crate) fn bare(key: &str, item: &Node) -> Node {
    if ROOTS.contains(&key) && key != "measure" { named(item.clone()) } else { item.clone() }
}

/// Checks the type of the value at `model`, `data`, `train` or `measure`.
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
        let help = format!("for example `{example}`");
        reader.error(span, format!("`{root}` takes {takes}, not {}", wrong.kind()), help);
    }
    wrong.is_none()
}
