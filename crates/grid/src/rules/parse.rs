//! Reading of the rules of a level.

use serde_json::Value;

use crate::conflicts;
use crate::grid::{Entries, Include, Rules};
use crate::matrix::{bare, dotted, empty_or_kind, settings};
use crate::merge::ROOTS;
use crate::node::{Content, Entry, Node};
use crate::reader::{Reader, value_span};

/// Reads `exclude`, `when` and `include` of the top level, a block or a variant.
pub(crate) fn read(reader: &mut Reader, level: &Node) -> Rules {
    Rules {
        exclude: conditions(reader, level, "exclude"),
        when: conditions(reader, level, "when"),
        include: level.entry("include").map(|entry| includes(reader, entry)).unwrap_or_default(),
    }
}

/// Reads one block of conditions, or a list of them.
fn conditions(reader: &mut Reader, level: &Node, key: &str) -> Vec<Entries> {
    let Some(entry) = level.entry(key) else { return Vec::new() };
    let read = |reader: &mut Reader, node: &Node| {
        let list = block(reader, entry, node)?.to_vec();
        let good =
            list.iter().filter(|entry| dotted(reader, &entry.key, entry.key_span, &format!("tested by `{key}`")));
        (good.count() == list.len()).then_some(Entries { span: node.span, list })
    };
    nodes(entry).into_iter().filter_map(|node| read(reader, node)).collect()
}

fn includes(reader: &mut Reader, entry: &Entry) -> Vec<Include> {
    nodes(entry).into_iter().filter_map(|node| include(reader, entry, node)).collect()
}

fn include(reader: &mut Reader, whole: &Entry, node: &Node) -> Option<Include> {
    let mut new = false;
    let before = reader.mistakes();
    let mut list = Vec::new();
    for entry in block(reader, whole, node)? {
        if entry.key == "new" {
            match entry.value.content {
                Content::Scalar(Value::Bool(value)) => new = value,
                _ => reader.wrong(entry, "true or false", "new: true"),
            }
        } else if dotted(reader, &entry.key, entry.key_span, "set by `include`") {
            if ROOTS.contains(&entry.key.as_str()) {
                settings(reader, &entry.key, value_span(entry), &entry.value);
            }
            list.push(Entry { value: bare(&entry.key, &entry.value), ..entry.clone() });
        }
    }
    conflicts::within(reader, &list);
    if list.is_empty() && reader.mistakes() == before {
        reader.error(node.span, "the `include` has no settings", "add settings, such as `model.hidden: 100`");
    }
    (reader.mistakes() == before).then_some(Include { entries: Entries { span: node.span, list }, new })
}

/// Returns the block itself, or each item of a list.
fn nodes(entry: &Entry) -> Vec<&Node> {
    match entry.value.items() {
        Some(items) if !items.is_empty() => items.iter().collect(),
        _ => vec![&entry.value],
    }
}

fn block<'n>(reader: &mut Reader, whole: &Entry, node: &'n Node) -> Option<&'n [Entry]> {
    let found = node.entries().filter(|entries| !entries.is_empty());
    if found.is_none() {
        let key = &whole.key;
        let span = if node == &whole.value { value_span(whole) } else { node.span };
        let message = format!("`{key}` takes blocks of dotted keys with values, not {}", empty_or_kind(node));
        reader.error(span, message, format!("for example `{key}: [{{model.hidden: 500}}]`"));
    }
    found
}
