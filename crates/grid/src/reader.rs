//! Reading of single values: names, text, seeds, devices, labels. A mistake is reported, and reading continues.

use std::collections::HashMap;
use std::sync::Arc;

use protocol::layout::RESERVED_NAMES;
use protocol::params::{meant_number, meant_whole, nearest, unknown};
use protocol::text::escape;
use serde_json::Value;

use crate::diagnostics::{Diagnostic, Diagnostics, Sink};
use crate::grid::{FigureName, Spanned};
use crate::label_template::Label;
use crate::node::{Content, Entry, Node};
use crate::source::{Source, Span};

/// Largest number of seeds of a variant.
const MAX_SEEDS: u64 = 1_000_000;
/// Longest name in bytes; a longer one leaves too little room for the rest of a path.
const MAX_NAME: usize = 100;

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

    /// Reads text, trimmed and not empty.
    pub(crate) fn text(&mut self, entry: &Entry) -> Option<String> {
        let text = entry.value.text().map(str::trim).filter(|text| !text.is_empty());
        if text.is_none() {
            self.no_text(entry);
        }
        text.map(str::to_owned)
    }

    /// Reports a value that is not text, or text without a character.
    fn no_text(&mut self, entry: &Entry) {
        let Entry { key, value, .. } = entry;
        let example = format!("{key}: {}", if key == "device" { "auto" } else { "my-text" });
        match &value.content {
            Content::Scalar(Value::String(_)) => {
                let message = format!("`{key}` is empty");
                self.error(value_span(entry), message, format!("for example `{example}`, or remove the key"));
            }
            Content::Scalar(Value::Number(_) | Value::Bool(_)) => {
                let written = self.source.slice(value.span);
                let message = format!("`{key}` takes text, not {}", value.kind());
                let help = format!("put it in quotes: `{key}: \"{written}\"`");
                self.error(value_span(entry), message, help);
            }
            _ => self.wrong(entry, "text", &example),
        }
    }

    /// Reads text of one line without hidden characters.
    pub(crate) fn title(&mut self, entry: &Entry) -> Option<String> {
        let text = self.text(entry)?;
        let Some(hidden) = text.chars().find(|character| escape::hidden(*character)) else { return Some(text) };
        let message = format!("`{}` has the hidden character {}", entry.key, hidden.escape_unicode());
        let help =
            "write one line, without control characters, marks of the writing direction and characters without width";
        self.error(entry.value.span, message, help);
        None
    }

    /// Reads a name that is safe as the name of a folder.
    pub(crate) fn name(&mut self, entry: &Entry) -> Option<String> {
        let name = self.text(entry)?;
        let letter = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
        let lower = name.to_ascii_lowercase();
        let help = if name.starts_with(['.', '-']) || name.len() > MAX_NAME || !name.chars().all(letter) {
            format!(
                "the name is also a folder: use up to {MAX_NAME} letters, digits, `_`, `-` and `.`, and start with a \
                 letter, a digit or `_`"
            )
        } else if RESERVED_NAMES.contains(&lower.as_str()) {
            format!(
                "`results/{lower}` belongs to genbench; choose another name, such as `{}-grid`",
                lower.trim_end_matches(".md")
            )
        } else if let Some(stem) = lower.strip_suffix(".yaml").or(lower.strip_suffix(".yml")) {
            format!("commands take it for a file; write `{}`", &name[..stem.len()])
        } else {
            return Some(name);
        };
        self.error(entry.value.span, format!("`{name}` cannot be a grid's name"), help);
        None
    }

    /// Reads a device: `auto`, `flex`, `wgpu` or `wgpu:N`.
    pub(crate) fn device(&mut self, entry: &Entry) -> Option<Spanned<String>> {
        let device = self.text(entry)?;
        let numbered = device.strip_prefix("wgpu:").is_some_and(|number| number.parse::<u16>().is_ok());
        if !numbered && !["auto", "flex", "wgpu"].contains(&device.as_str()) {
            let near = nearest(&device, ["auto", "flex", "wgpu"]).map(|near| format!("did you mean `{near}`? "));
            let help = format!("{}Allowed: auto, flex, wgpu, wgpu:N", near.unwrap_or_default());
            self.error(entry.value.span, format!("`{device}` is not a device"), help);
            return None;
        }
        Some(Spanned { span: entry.value.span, value: device })
    }

    /// Reads the seeds: a list without duplicates, or a number of seeds that are counted from 0.
    pub(crate) fn seeds(&mut self, entry: &Entry) -> Option<Spanned<Vec<u64>>> {
        let span = entry.value.span;
        let value = match &entry.value.content {
            Content::Scalar(Value::Number(count)) if count.is_u64() || count.is_i64() => match count.as_u64() {
                Some(count @ 1..=MAX_SEEDS) => (0..count).collect(),
                _ => {
                    let message = format!("`{}`: {count} is out of range", entry.key);
                    self.error(span, message, format!("write a number from 1 to {MAX_SEEDS}, or a list of seeds"));
                    return None;
                }
            },
            Content::List(items) if !items.is_empty() => self.seed_list(items)?,
            Content::List(_) => {
                self.error(span, "`seeds` is empty", "write a number of seeds, such as `seeds: 3`, or a list of seeds");
                return None;
            }
            Content::Scalar(value) => {
                let meant = self.meant_whole(entry.value.span);
                let example =
                    meant.filter(|_| !value.is_null()).map_or("seeds: 3".to_owned(), |n| format!("seeds: {n}"));
                self.wrong(entry, "a number of seeds or a list of seeds", &example);
                return None;
            }
            Content::Block(_) => {
                self.wrong(entry, "a number of seeds or a list of seeds", "seeds: 3");
                return None;
            }
        };
        Some(Spanned { span, value })
    }

    /// The number that the text of a span means, without its quotes.
    pub(crate) fn meant_number(&self, span: Span) -> Option<String> {
        meant_number(self.source.slice(span).trim_matches(['\'', '"']))
    }

    /// The whole number that the text of a span means, without its quotes.
    pub(crate) fn meant_whole(&self, span: Span) -> Option<String> {
        meant_whole(self.source.slice(span).trim_matches(['\'', '"']))
    }

    fn seed_list(&mut self, items: &[Node]) -> Option<Vec<u64>> {
        let mut first: HashMap<u64, Span> = HashMap::new();
        let mut seeds = Vec::with_capacity(items.len());
        for item in items {
            let meant = || self.meant_whole(item.span).map(|number| format!("write `{number}`"));
            let Content::Scalar(Value::Number(number)) = &item.content else {
                let help = meant().unwrap_or_else(|| "for example `[0, 1, 2]`".to_owned());
                self.error(item.span, format!("a seed must be a whole number, not {}", item.kind()), help);
                continue;
            };
            let Some(seed) = number.as_u64() else {
                let help = meant().filter(|_| number.is_f64()).unwrap_or_else(|| format!("allowed: 0 to {}", u64::MAX));
                self.error(item.span, format!("{number} is not a seed"), help);
                continue;
            };
            match first.get(&seed) {
                Some(earlier) => {
                    let help = "list each seed once";
                    self.clash(
                        item.span,
                        format!("seed {seed} is listed twice"),
                        help,
                        (*earlier, "first listed here"),
                    );
                }
                None => {
                    first.insert(seed, item.span);
                    seeds.push(seed);
                }
            }
        }
        (seeds.len() == items.len()).then_some(seeds)
    }

    /// Reads a label: plain text or a template.
    pub(crate) fn label(&mut self, entry: &Entry, roots: &[&str]) -> Option<Spanned<Label>> {
        let text = self.text(entry)?;
        let span = entry.value.span;
        let label = match Label::parse(&text) {
            Ok(label) => label,
            Err(why) => {
                self.error(
                    span,
                    why,
                    "write a name, or a template such as `nade {model.hidden}`; write `{{` for a brace",
                );
                return None;
            }
        };
        for key in label.keys() {
            let root = key.split('.').next().unwrap_or_default();
            if !roots.contains(&root) {
                let help = format!("a placeholder starts with one of {}", roots.join(", "));
                self.error(span, format!("`{{{key}}}` is not a placeholder"), help);
            }
        }
        Some(Spanned { span, value: label })
    }

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
