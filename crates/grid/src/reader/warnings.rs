//! Warnings of values that are allowed and probably not meant.

use serde_json::Value;

use super::Reader;
use crate::diagnostics::Diagnostic;
use crate::node::{Content, Entry, Node};

impl Reader {
    /// Warns of settings without a value, which count as not set: `steps:` with nothing after it.
    pub(crate) fn warn_of_empty(&mut self, settings: &[Entry]) {
        for entry in settings {
            match &entry.value.content {
                Content::Scalar(Value::Null) if self.source.slice(entry.value.span).trim().is_empty() => {
                    let warning = Diagnostic::warning(format!("`{}` has no value and counts as not set", entry.key));
                    let help = "write a value, or remove the key; `null` says that no value is meant";
                    self.sink.push(warning.at(&self.source, entry.key_span).help(help));
                }
                Content::Block(entries) => self.warn_of_empty(entries),
                _ => {}
            }
        }
    }

    /// Warns of words that YAML 1.1 reads as true or false and YAML 1.2 as text.
    pub(crate) fn warn_of_words(&mut self, node: &Node) {
        match &node.content {
            Content::Scalar(Value::String(text)) => {
                let word = ["yes", "no", "on", "off"].into_iter().find(|word| text.eq_ignore_ascii_case(word));
                if word.is_some() && self.source.slice(node.span) == text {
                    let yes = text.eq_ignore_ascii_case("yes") || text.eq_ignore_ascii_case("on");
                    self.sink.push(
                        Diagnostic::warning(format!("`{text}` is read as text"))
                            .at(&self.source, node.span)
                            .help(format!("write `{yes}`, or put the text in quotes")),
                    );
                }
            }
            Content::Scalar(_) => {}
            Content::List(items) => items.iter().for_each(|item| self.warn_of_words(item)),
            Content::Block(entries) => entries.iter().for_each(|entry| self.warn_of_words(&entry.value)),
        }
    }
}
