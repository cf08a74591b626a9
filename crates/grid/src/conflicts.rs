//! Refusal of settings of which one would silently override another, with both locations.
//!
//! An inner level overrides an outer one, and the command line overrides every level. Refused are two settings of one
//! thing at one place, and settings that an axis would override.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use protocol::params::join;
use serde_json::Value;

use crate::diagnostics::{Diagnostic, Sink};
use crate::equivalent::{canonical, equivalent, inside, overlap, same_key, same_value};
use crate::grid::{Axis, Include, Layer};
use crate::node::{Content, Entry, Node};
use crate::reader::Reader;
use crate::source::{Source, Span};

/// One setting: its dotted key and the span that sets it.
struct Leaf {
    key: String,
    span: Span,
    /// `true` if a key inside it extends the value: a bare name or nothing.
    open: bool,
}

impl Leaf {
    /// Returns whether both set the same thing.
    fn conflicts(&self, other: &Self) -> bool {
        same_key(&self.key, &other.key)
            || inside(&self.key, &other.key) && !other.open
            || inside(&other.key, &self.key) && !self.open
    }
}

/// All settings in the value `node` of the dotted key `key`.
fn leaves(key: &str, span: Span, node: &Node) -> Vec<Leaf> {
    match &node.content {
        Content::Block(entries) => {
            let inner = |entry: &Entry| leaves(&join(key, &entry.key), entry.key_span, &entry.value);
            entries.iter().flat_map(inner).collect()
        }
        Content::List(items) if !items.is_empty() => {
            let inner = |(at, item): (usize, &Node)| leaves(&join(key, &at.to_string()), item.span, item);
            items.iter().enumerate().flat_map(inner).collect()
        }
        Content::List(_) => vec![Leaf { key: key.to_owned(), span, open: false }],
        Content::Scalar(value) => {
            let open = matches!(value, Value::Null | Value::String(_));
            vec![Leaf { key: key.to_owned(), span, open }]
        }
    }
}

fn leaves_of(entries: &[Entry]) -> Vec<Leaf> {
    entries.iter().flat_map(|entry| leaves(&entry.key, entry.key_span, &entry.value)).collect()
}

/// The first pair of conflicting settings.
fn pair<'l>(these: &'l [Leaf], others: &'l [Leaf]) -> Option<(&'l Leaf, &'l Leaf)> {
    these.iter().find_map(|leaf| Some((leaf, others.iter().find(|other| leaf.conflicts(other))?)))
}

/// Refuses two settings of one thing in one block, such as `train.steps` and `train.epochs`. Returns the key of the
/// second one.
pub(crate) fn within(reader: &mut Reader, entries: &[Entry]) -> Option<String> {
    let all = leaves_of(entries);
    let mut known: HashMap<Cow<'_, str>, &Leaf> = HashMap::with_capacity(all.len());
    let twice = all.iter().find_map(|leaf| Some((leaf, known.insert(canonical(&leaf.key), leaf)?)));
    let around = || {
        all.iter().find_map(|leaf| {
            let mut outer = prefixes(&leaf.key).filter_map(|key| known.get(&canonical(key)));
            Some((leaf, *outer.find(|outer| !outer.open)?))
        })
    };
    let (later, earlier) = twice.or_else(around)?;
    reader.clash(later.span, both(earlier, later), "remove one of the two", (earlier.span, "also set here"));
    Some(later.key.clone())
}

fn both(earlier: &Leaf, later: &Leaf) -> String {
    match earlier.key == later.key {
        true => format!("`{}` is set twice", later.key),
        false => format!("`{}` and `{}` set the same thing", earlier.key, later.key),
    }
}

/// The dotted keys of the blocks around a key.
fn prefixes(key: &str) -> impl Iterator<Item = &str> {
    key.match_indices('.').map(|(at, _)| &key[..at])
}

/// Refuses a setting of a level that an axis of this or an outer level varies: the value would never be used.
pub(crate) fn with_axes<'a>(reader: &mut Reader, outer: impl IntoIterator<Item = &'a Layer>, inner: &'a Layer) {
    let help = "remove one of the two: the axis would override this value";
    for axis in outer.into_iter().flat_map(Layer::axes).chain(inner.axes()) {
        let keys = [Some(axis.key.clone()), equivalent(&axis.key)];
        for key in keys.into_iter().flatten() {
            let Some(node) = inner.settings.find(key.split('.')) else { continue };
            let whole = inner.settings.locate(&key, true).unwrap_or(node.span);
            let set = leaves(&key, whole, node);
            let varied: HashSet<String> = axis.items.iter().flat_map(|item| keys_of(&axis.key, item)).collect();
            // Of a whole block, the message names the setting that both have.
            let named = |leaf: &&Leaf| !leaf.key.ends_with(".name") && varied.contains(&*canonical(&leaf.key));
            let leaf = set.iter().find(named);
            let (key, span) = leaf.map_or((&key, whole), |leaf| (&leaf.key, leaf.span));
            let message = match inside(key, &axis.key) || *key == axis.key {
                true => format!("`{key}` is set here and varied by an axis"),
                false => format!("`{key}` is set here, and an axis varies `{}`", axis.key),
            };
            reader.clash(span, message, help, (axis.span, "varied here"));
        }
    }
}

/// The canonical keys of all settings in a value.
fn keys_of(key: &str, node: &Node) -> Vec<String> {
    leaves(key, node.span, node).iter().map(|leaf| canonical(&leaf.key).into_owned()).collect()
}

/// Refuses, among the axes and the `include` rules of a variant, settings that another axis overrides.
pub(crate) fn between_axes(source: &Arc<Source>, axes: &[&Axis], layers: &[&Layer], sink: &mut Sink) {
    let mut report = |leaf: &Leaf, axis: &Axis, what: &str, help: &str| {
        let message = format!("{what} sets `{}`, and an axis varies `{}`", leaf.key, axis.key);
        let one = Diagnostic::error(message).at(source, leaf.span).help(help);
        sink.push(one.note(source, axis.span, "varied here"));
    };
    let by_key: HashMap<&str, &Axis> = axes.iter().map(|axis| (axis.key.as_str(), *axis)).collect();
    for other in axes {
        for axis in prefixes(&other.key).filter_map(|key| by_key.get(key)) {
            let set = axis.items.iter().flat_map(|item| leaves(&axis.key, axis.span, item));
            for leaf in set.filter(|leaf| same_key(&leaf.key, &other.key) || inside(&leaf.key, &other.key)) {
                report(&leaf, other, "this value of an axis", "remove one of the two");
            }
        }
    }
    // A new combination has no axes.
    for include in layers.iter().flat_map(|layer| &layer.rules.include).filter(|include| !include.new) {
        for axis in axes {
            if let Some(leaf) = overridden(include, axis) {
                let help = "remove one of the two, or add `new: true` for a combination without the axes";
                report(&leaf, axis, "this `include`", help);
            }
        }
    }
}

/// The setting of an `include` that conflicts with an axis whose values the rule does not select.
fn overridden(include: &Include, axis: &Axis) -> Option<Leaf> {
    let condition = include.entries.list.iter().find(|entry| entry.key == axis.key);
    let matching = |item: &&Node| condition.is_none_or(|entry| same_value(&item.to_value(), &entry.value.to_value()));
    let varied: Vec<Leaf> =
        axis.items.iter().filter(matching).flat_map(|item| leaves(&axis.key, axis.span, item)).collect();
    let others = include.entries.list.iter().filter(|entry| entry.key != axis.key);
    others
        .flat_map(|entry| leaves(&entry.key, entry.key_span, &entry.value))
        .find(|leaf| varied.iter().any(|one| leaf.conflicts(one)))
}

/// Refuses settings of the command line that set the same thing as another one.
pub(crate) fn among_sets(source: &Arc<Source>, all: &[Entry], sink: &mut Sink) {
    for (at, entry) in all.iter().enumerate() {
        let these = leaves(&entry.key, entry.key_span, &entry.value);
        if let Some((later, earlier)) = pair(&these, &leaves_of(&all[..at])) {
            let message = both(earlier, later);
            let one = Diagnostic::error(message).at(source, later.span).help("set one of the two");
            sink.push(one.note(source, earlier.span, "also set here"));
        }
    }
}

/// The error for a setting of the command line that an axis varies or that an `include` sets.
pub(crate) fn with_set(source: &Arc<Source>, axes: &[&Axis], layers: &[&Layer], entry: &Entry) -> Option<Diagnostic> {
    let refused = |because: String, span: Span, note: &str, instead: &str| {
        let message = format!("`{}` cannot be set, because {because}", entry.key);
        let help = format!("select variants with `--only`, or remove {instead}");
        Diagnostic::error(message).at(source, entry.key_span).help(help).note(source, span, note)
    };
    if let Some(axis) = axes.iter().find(|axis| overlap(&axis.key, &entry.key)) {
        return Some(refused(
            format!("the grid varies `{}`", axis.key),
            axis.span,
            "varied here",
            "the axis from the grid",
        ));
    }
    let set = leaves(&entry.key, entry.key_span, &entry.value);
    layers.iter().flat_map(|layer| &layer.rules.include).find_map(|include| {
        let included = leaves_of(&include.entries.list);
        let (_, leaf) = pair(&set, &included)?;
        Some(refused(
            format!("an `include` sets `{}`", leaf.key),
            leaf.span,
            "set here",
            "the setting from its `include`",
        ))
    })
}
