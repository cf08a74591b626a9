//! Merging of settings: an inner level over an outer one, and a dotted key with its value.

use protocol::params::join;
use serde_json::Value;

use crate::equivalent::twin;
use crate::node::{Content, Entry, Node};
use crate::source::Span;

/// Keys of the blocks of settings that a level can have and an axis can vary.
pub(crate) const ROOTS: [&str; 4] = ["data", "measure", "model", "train"];

/// Lays `inner` over `outer`: blocks of `model`, `data`, `train` and `measure`, or whole grids.
///
/// Blocks merge key by key, at every depth. If their names differ, the inner block replaces the outer one, because
/// settings of another model or data set do not apply. Everything else is replaced, including lists. An inner setting
/// also replaces its equivalent, such as `train.epochs` for `train.steps`.
pub(crate) fn lay_over(outer: &mut Node, inner: Node) {
    merge(outer, inner, "");
}

/// Merges the values at the dotted key `path`.
fn merge(outer: &mut Node, inner: Node, path: &str) {
    let other_name = match (outer.child("name"), inner.child("name")) {
        (Some(outer), Some(inner)) => outer.content != inner.content,
        _ => false,
    };
    match (&mut outer.content, inner.content) {
        (Content::Block(entries), Content::Block(inner_entries)) if !other_name => {
            outer.span = inner.span;
            // All of them first, so that an inner block that has both keeps both, and is refused.
            for twin in inner_entries.iter().filter_map(|entry| twin(path, &entry.key)) {
                entries.retain(|known| known.key != twin);
            }
            for entry in inner_entries {
                match entries.iter_mut().find(|known| known.key == entry.key) {
                    Some(known) => {
                        known.key_span = entry.key_span;
                        merge(&mut known.value, entry.value, &join(path, &entry.key));
                    }
                    None => entries.push(entry),
                }
            }
        }
        (_, content) => *outer = Node { span: inner.span, content },
    }
}

/// Sets a dotted key, whose span is `place`, to `item`.
///
/// # Errors
/// The span of a value on the path that is not a block and has no such item.
pub(crate) fn set(settings: &mut Node, key: &str, place: Span, item: &Node) -> Result<(), Span> {
    let item = item.clone();
    let Some((parents, last)) = key.rsplit_once('.') else {
        let entry = Entry { key: key.to_owned(), key_span: place, value: item };
        lay_over(settings, Node { span: place, content: Content::Block(vec![entry]) });
        return Ok(());
    };
    let mut node = settings;
    for key in parents.split('.') {
        node = descend(node, key, place)?;
    }
    if let (Content::Block(entries), Some(twin)) = (&mut node.content, twin(parents, last)) {
        entries.retain(|entry| entry.key != twin);
    }
    let key_span = node.entry(last).map_or(place, |entry| entry.key_span);
    *descend(node, last, key_span)? = item;
    Ok(())
}

/// Returns the child at `key`. A missing child becomes an empty block; a bare name in a list is expanded to a block.
fn descend<'n>(node: &'n mut Node, key: &str, key_span: Span) -> Result<&'n mut Node, Span> {
    let place = node.span;
    if node.content == Content::Scalar(Value::Null) {
        node.content = Content::Block(Vec::new());
    }
    match &mut node.content {
        Content::Block(entries) => {
            let index = entries.iter().position(|entry| entry.key == key).unwrap_or_else(|| {
                entries.push(Entry { key: key.to_owned(), key_span, value: Node::empty(key_span) });
                entries.len() - 1
            });
            Ok(&mut entries[index].value)
        }
        Content::List(items) => {
            let item = key.parse::<usize>().ok().and_then(|index| items.get_mut(index)).ok_or(place)?;
            *item = named(item.clone());
            Ok(item)
        }
        Content::Scalar(_) => Err(place),
    }
}

/// Expands a bare name to a block with that `name`; returns other values unchanged.
pub(crate) fn named(node: Node) -> Node {
    if node.text().is_none() {
        return node;
    }
    let span = node.span;
    let name = Entry { key: "name".to_owned(), key_span: span, value: node };
    Node { span, content: Content::Block(vec![name]) }
}
