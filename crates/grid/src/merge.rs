//! How an inner level wins over an outer one, and how an axis sets its key.

use serde_json::Value;

use crate::source::Span;
use crate::written::{Entry, Node, Written};

/// The blocks of settings that a level can hold and an axis can reach into.
pub(crate) const ROOTS: [&str; 4] = ["data", "measure", "model", "train"];

/// Lays `inner` over `outer`; both are blocks of `model`, `data`, `train` and `measure`.
///
/// Blocks merge key by key, at every depth, unless they have different names: then the inner one
/// replaces the outer one, whose settings would mean nothing to it. Everything else is replaced,
/// lists included. `train.steps` and `train.epochs` replace each other.
pub(crate) fn lay_over(outer: &mut Node, inner: Node) {
    for key in inner.child("train").and_then(Node::entries).into_iter().flatten().filter_map(|e| other_length(&e.key)) {
        forget_train(outer, key);
    }
    merge(outer, inner);
}

fn merge(outer: &mut Node, inner: Node) {
    let other_name = match (outer.child("name"), inner.child("name")) {
        (Some(outer), Some(inner)) => outer.written != inner.written,
        _ => false,
    };
    match (&mut outer.written, inner.written) {
        (Written::Block(entries), Written::Block(inner_entries)) if !other_name => {
            outer.span = inner.span;
            for entry in inner_entries {
                match entries.iter_mut().find(|known| known.key == entry.key) {
                    Some(known) => {
                        known.key_span = entry.key_span;
                        merge(&mut known.value, entry.value);
                    }
                    None => entries.push(entry),
                }
            }
        }
        (_, written) => *outer = Node { span: inner.span, written },
    }
}

/// Sets a dotted key, which stands at `place`, to `item`.
///
/// # Errors
/// The place of a value on the way that is no block and has no such item.
pub(crate) fn set(settings: &mut Node, key: &str, place: Span, item: &Node) -> Result<(), Span> {
    let item = item.clone();
    let Some((parents, last)) = key.rsplit_once('.') else {
        let entry = Entry { key: key.to_owned(), key_span: place, value: item };
        lay_over(settings, Node { span: place, written: Written::Block(vec![entry]) });
        return Ok(());
    };
    if let ("train", Some(key)) = (parents, other_length(last)) {
        forget_train(settings, key);
    }
    let mut node = settings;
    for key in parents.split('.') {
        node = descend(node, key, place)?;
    }
    let key_span = node.entry(last).map_or(place, |entry| entry.key_span);
    *descend(node, last, key_span)? = item;
    Ok(())
}

/// The child to go on from. What is not there becomes an empty block, a bare name in a list the
/// block that it is short for.
fn descend<'n>(node: &'n mut Node, key: &str, key_span: Span) -> Result<&'n mut Node, Span> {
    let place = node.span;
    if node.written == Written::Scalar(Value::Null) {
        node.written = Written::Block(Vec::new());
    }
    match &mut node.written {
        Written::Block(entries) => {
            let index = entries.iter().position(|entry| entry.key == key).unwrap_or_else(|| {
                entries.push(Entry { key: key.to_owned(), key_span, value: Node::empty(key_span) });
                entries.len() - 1
            });
            Ok(&mut entries[index].value)
        }
        Written::List(items) => {
            let item = key.parse::<usize>().ok().and_then(|index| items.get_mut(index)).ok_or(place)?;
            *item = named(item.clone());
            Ok(item)
        }
        Written::Scalar(_) => Err(place),
    }
}

/// A bare name as the block that it is short for.
pub(crate) fn named(node: Node) -> Node {
    if node.text().is_none() {
        return node;
    }
    let span = node.span;
    let name = Entry { key: "name".to_owned(), key_span: span, value: node };
    Node { span, written: Written::Block(vec![name]) }
}

/// `steps` and `epochs` are one setting of `train` said in two ways.
fn other_length(key: &str) -> Option<&'static str> {
    match key {
        "steps" => Some("epochs"),
        "epochs" => Some("steps"),
        _ => None,
    }
}

fn forget_train(settings: &mut Node, key: &str) {
    let Written::Block(entries) = &mut settings.written else { return };
    let train = entries.iter_mut().find(|entry| entry.key == "train");
    if let Some(Entry { value: Node { written: Written::Block(train), .. }, .. }) = train {
        train.retain(|entry| entry.key != key);
    }
}
