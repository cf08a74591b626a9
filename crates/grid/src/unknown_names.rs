//! Check for unknown names and keys in all parts of a grid, also in parts that no trial uses: data that every block
//! replaces, or an excluded combination.
//!
//! The catalog finds the same mistakes in the parts that trials use, with better help; they are not reported twice.

use std::collections::BTreeSet;

use protocol::Problem;
use protocol::params::{join, unknown};
use serde_json::Value;

use crate::catalog::{Listed, Vocabulary};
use crate::diagnostics::{Diagnostic, Sink};
use crate::grid::{Entries, Grid, Layer};
use crate::merge::set;
use crate::node::{Content, Entry, Node};
use crate::resolve::mistake;
use crate::source::Span;

/// Reports every name and key that is not in `vocabulary`. Does nothing if the vocabulary has no models.
pub(crate) fn check(grid: &Grid, vocabulary: &Vocabulary, sink: &mut Sink) {
    if vocabulary.models.is_empty() {
        return;
    }
    let blocks = grid.blocks.iter().map(|block| &block.layer);
    let variants = grid.blocks.iter().flat_map(|block| block.variants.iter().map(|variant| &variant.layer));
    for layer in std::iter::once(&grid.base).chain(blocks).chain(variants) {
        Check { grid, vocabulary, sink }.layer(layer);
    }
}

struct Check<'a> {
    grid: &'a Grid,
    vocabulary: &'a Vocabulary,
    sink: &'a mut Sink,
}

impl Check<'_> {
    fn layer(&mut self, layer: &Layer) {
        self.settings(&layer.settings);
        for axis in layer.axes() {
            // One item is enough to check the key; blocks have keys of their own.
            for (at, item) in axis.items.iter().enumerate() {
                if at == 0 || !matches!(item.content, Content::Scalar(_)) {
                    self.dotted(&axis.key, axis.span, item);
                }
            }
        }
        let rules = &layer.rules;
        let includes = rules.include.iter().map(|include| &include.entries);
        for Entries { list, .. } in rules.exclude.iter().chain(&rules.when).chain(includes) {
            list.iter().for_each(|entry| self.condition(entry));
        }
    }

    /// Checks a condition. A list is a choice of values, except at `measure`.
    fn condition(&mut self, entry: &Entry) {
        match entry.value.items().filter(|_| entry.key != "measure") {
            Some(items) => items.iter().for_each(|item| self.dotted(&entry.key, entry.key_span, item)),
            None => self.dotted(&entry.key, entry.key_span, &entry.value),
        }
    }

    fn dotted(&mut self, key: &str, place: Span, item: &Node) {
        let mut settings = Node::empty(place);
        if set(&mut settings, key, place, item).is_ok() {
            self.settings(&settings);
        }
    }

    /// Checks a block of `model`, `data`, `train` and `measure`.
    fn settings(&mut self, settings: &Node) {
        let mut problems = Vec::new();
        for entry in settings.entries().unwrap_or_default() {
            let (path, node) = (entry.key.as_str(), &entry.value);
            match path {
                "train" => closed(&self.vocabulary.train, node, path, self.vocabulary, &mut problems),
                "measure" => {
                    for (at, item) in node.items().unwrap_or_default().iter().enumerate() {
                        named(
                            &self.vocabulary.measures,
                            item,
                            &join(path, &at.to_string()),
                            self.vocabulary,
                            &mut problems,
                        );
                    }
                }
                "model" => named(&self.vocabulary.models, node, path, self.vocabulary, &mut problems),
                _ => named(&self.vocabulary.data, node, path, self.vocabulary, &mut problems),
            }
        }
        for problem in problems {
            // The mistake concerns all variants, so it names none.
            let one = mistake(self.grid, settings.span, settings, problem);
            self.sink.push(Diagnostic { notes: Vec::new(), ..one });
        }
    }
}

/// Checks a name, or a block with or without a `name`.
fn named(listed: &[Listed], node: &Node, path: &str, vocabulary: &Vocabulary, problems: &mut Vec<Problem>) {
    let name = node.text().or_else(|| node.entry("name")?.value.text());
    let Some(name) = name else {
        if node.entry("name").is_none() {
            let known: BTreeSet<_> = listed.iter().flat_map(|one| keys(&one.settings)).chain(["name"]).collect();
            let unknown_entries =
                node.entries().unwrap_or_default().iter().filter(|entry| !known.contains(entry.key.as_str()));
            problems.extend(
                unknown_entries.map(|entry| unknown(&join(path, &entry.key), &entry.key, known.iter().copied())),
            );
        }
        return;
    };
    match listed.iter().find(|one| one.name == name) {
        Some(one) => closed(&one.settings, node, path, vocabulary, problems),
        None => {
            let names = listed.iter().map(|one| one.name.as_str());
            problems.push(Problem { at_key: false, ..unknown(&join(path, "name"), name, names) });
        }
    }
}

/// Checks a block whose keys are the properties of `schema` and `name`.
fn closed(schema: &Value, node: &Node, path: &str, vocabulary: &Vocabulary, problems: &mut Vec<Problem>) {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return };
    for entry in node.entries().unwrap_or_default().iter().filter(|entry| entry.key != "name") {
        let path = join(path, &entry.key);
        match properties.get(&entry.key) {
            Some(inner) if inner.get("$ref").is_some_and(|to| to == "#/definitions/data") => {
                named(&vocabulary.data, &entry.value, &path, vocabulary, problems);
            }
            Some(inner) => closed(inner, &entry.value, &path, vocabulary, problems),
            None => problems.push(unknown(&path, &entry.key, keys(schema))),
        }
    }
}

fn keys(schema: &Value) -> impl Iterator<Item = &str> {
    schema.get("properties").and_then(Value::as_object).into_iter().flatten().map(|(key, _)| key.as_str())
}
