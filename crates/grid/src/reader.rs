//! Reading of single values: names, text, seeds, devices, labels. A mistake is reported, and reading continues.

mod seeds;
mod text;
mod warnings;

use std::sync::Arc;

use protocol::params::{meant_number, meant_whole, unknown};
use serde_json::Value;

use crate::diagnostics::{Diagnostic, Diagnostics, Sink};
use crate::grid::FigureName;
use crate::node::{Content, Entry, Node};
use crate::source::{Source, Span};

/// Span at which a message shows a value: the value itself, or its key if the value is empty.
pub(crate) fn value_span(entry: &Entry) -> Span {
    if entry.value.content == Content::Scalar(Value::Null) { entry.key_span } else { entry.value.span }
}

/// Reader of values that collects the mistakes of one grid.
pub(crate) struct Reader {
    pub(crate) source: Arc<Source>,
    /// Names of figures, which are checked when the measures are known.
    pub(crate) figures: Vec<FigureName>,
    sink: Sink,
}

impl Reader {
    pub(crate) fn new(source: &Arc<Source>, sink: Sink) -> Self {
        Self { source: Arc::clone(source), figures: Vec::new(), sink }
    }

    /// Returns all errors and warnings.
    pub(crate) fn finish(self) -> Diagnostics {
        self.sink.finish()
    }

    /// Number of errors and warnings so far.
    pub(crate) fn mistakes(&self) -> usize {
        self.sink.len()
    }

    /// Reports an error at `span`; `help` states what is allowed there.
    pub(crate) fn error(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.sink.push(Diagnostic::error(message).at(&self.source, span).help(help));
    }

    /// Reports an error at `span` and the earlier span that conflicts with it.
    pub(crate) fn clash(&mut self, span: Span, message: String, help: &str, earlier: (Span, &str)) {
        let one = Diagnostic::error(message).at(&self.source, span).help(help);
        self.sink.push(one.note(&self.source, earlier.0, earlier.1));
    }

    /// Reports a value of a type that its key does not take.
    pub(crate) fn wrong(&mut self, entry: &Entry, takes: &str, example: &str) {
        let Entry { key, value, .. } = entry;
        let message = format!("`{key}` takes {takes}, not {}", value.kind());
        self.error(value_span(entry), message, format!("for example `{example}`"));
    }

    /// Refuses keys that are not `allowed`.
    pub(crate) fn keys(&mut self, node: &Node, allowed: &[&str]) {
        self.keys_or_old_names(node, allowed, &[]);
    }

    /// Refuses keys that are neither `allowed` nor the `old` names of such keys.
    pub(crate) fn keys_or_old_names(&mut self, node: &Node, allowed: &[&str], old: &[&str]) {
        for entry in node.entries().unwrap_or_default() {
            if !allowed.contains(&entry.key.as_str()) && !old.contains(&entry.key.as_str()) {
                let problem = unknown("", &entry.key, allowed.iter().copied());
                self.error(entry.key_span, problem.message, problem.help.unwrap_or_default());
            }
        }
    }

    /// Warns of the old name of a key. Both names at once are an error.
    pub(crate) fn renamed_key(&mut self, node: &Node, old: &str, new: &str) {
        let Some(found) = node.entry(old).map(|entry| entry.key_span) else { return };
        if let Some(twice) = node.entry(new).map(|entry| entry.key_span) {
            let message = format!("`{old}` is the old name of `{new}`, and both are set");
            self.clash(found, message, "remove one of the two", (twice, "also set here"));
            return;
        }
        let warning = Diagnostic::warning(format!("`{old}` was renamed to `{new}`"));
        self.sink
            .push(warning.at(&self.source, found).help(format!("write `{new}`; a later version will refuse `{old}`")));
    }

    /// The number that the text of a span means, without its quotes.
    pub(crate) fn meant_number(&self, span: Span) -> Option<String> {
        meant_number(self.source.slice(span).trim_matches(['\'', '"']))
    }

    /// The whole number that the text of a span means, without its quotes.
    pub(crate) fn meant_whole(&self, span: Span) -> Option<String> {
        meant_whole(self.source.slice(span).trim_matches(['\'', '"']))
    }
}
