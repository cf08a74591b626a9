//! Reading single values: names, text, seeds, devices, labels. Each mistake is told and reading
//! goes on.

use std::collections::HashMap;
use std::sync::Arc;

use protocol::params::{nearest, unknown};
use serde_json::Value;

use crate::diagnostics::{Diagnostic, Diagnostics, Sink};
use crate::label::Label;
use crate::meaning::At;
use crate::source::{Source, Span};
use crate::written::{Entry, Node, Written};

/// More seeds than this are refused.
const MAX_SEEDS: u64 = 1_000_000;
/// A longer name would not leave room for the rest of a path.
const MAX_NAME: usize = 100;

/// Where a value is shown: at its key if nothing stands there.
pub(crate) fn place(entry: &Entry) -> Span {
    if entry.value.written == Written::Scalar(Value::Null) { entry.key_span } else { entry.value.span }
}

/// Gathers the mistakes of one file.
pub(crate) struct Reader {
    pub(crate) source: Arc<Source>,
    sink: Sink,
}

impl Reader {
    pub(crate) fn new(source: &Arc<Source>, sink: Sink) -> Self {
        Self { source: Arc::clone(source), sink }
    }

    /// Everything that was told.
    pub(crate) fn finish(self) -> Diagnostics {
        self.sink.finish()
    }

    /// How many mistakes there are by now.
    pub(crate) fn mistakes(&self) -> usize {
        self.sink.len()
    }

    /// A mistake at `span`, and what is allowed there.
    pub(crate) fn tell(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.sink.push(Diagnostic::error(message).at(&self.source, span).help(help));
    }

    /// A mistake with the earlier place that it clashes with.
    pub(crate) fn clash(&mut self, span: Span, message: String, help: &str, earlier: (Span, &str)) {
        let one = Diagnostic::error(message).at(&self.source, span).help(help);
        self.sink.push(one.note(&self.source, earlier.0, earlier.1));
    }

    /// A value of a shape that its key does not take.
    pub(crate) fn wrong(&mut self, entry: &Entry, takes: &str, example: &str) {
        let Entry { key, value, .. } = entry;
        let message = format!("`{key}` takes {takes}, not {}", value.kind());
        self.tell(place(entry), message, format!("write such as `{example}`"));
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
                self.tell(entry.key_span, problem.message, problem.help.unwrap_or_default());
            }
        }
    }

    /// Warns of the old name of a key; an error if the new name is there as well.
    pub(crate) fn renamed_key(&mut self, node: &Node, old: &str, new: &str) {
        let Some(found) = node.entry(old).map(|entry| entry.key_span) else { return };
        if let Some(twice) = node.entry(new).map(|entry| entry.key_span) {
            let message = format!("`{old}` is the old name of `{new}`, and both are set");
            self.clash(found, message, "remove one of the two", (twice, "also set here"));
            return;
        }
        let warning = Diagnostic::warning(format!("`{old}` is called `{new}` now"));
        self.sink.push(warning.at(&self.source, found).help(format!("write `{new}`; `{old}` will be removed")));
    }

    /// One line of text, or several for `about`.
    pub(crate) fn text(&mut self, entry: &Entry) -> Option<String> {
        let text = entry.value.text().map(str::trim).filter(|text| !text.is_empty());
        if text.is_none() {
            let example = format!("{}: {}", entry.key, if entry.key == "device" { "auto" } else { "my-text" });
            self.wrong(entry, "text", &example);
        }
        text.map(str::to_owned)
    }

    /// A name that is safe as a folder's.
    pub(crate) fn name(&mut self, entry: &Entry) -> Option<String> {
        let name = self.text(entry)?;
        let letter = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
        if name.starts_with('.') || name.len() > MAX_NAME || !name.chars().all(letter) {
            let help = format!(
                "the name becomes a folder: up to {MAX_NAME} letters, digits, `_`, `-` and `.`, not starting with a dot"
            );
            self.tell(entry.value.span, format!("`{name}` cannot be a grid's name"), help);
            return None;
        }
        Some(name)
    }

    /// `auto`, `flex`, `wgpu` or `wgpu:N`.
    pub(crate) fn device(&mut self, entry: &Entry) -> Option<At<String>> {
        let device = self.text(entry)?;
        let numbered = device.strip_prefix("wgpu:").is_some_and(|number| number.parse::<u16>().is_ok());
        if !numbered && !["auto", "flex", "wgpu"].contains(&device.as_str()) {
            let near = nearest(&device, ["auto", "flex", "wgpu"]).map(|near| format!("did you mean `{near}`? "));
            let help = format!("{}Allowed: auto, flex, wgpu, wgpu:N", near.unwrap_or_default());
            self.tell(entry.value.span, format!("`{device}` is not a device"), help);
            return None;
        }
        Some(At { span: entry.value.span, value: device })
    }

    /// A list of whole numbers without duplicates, or how many to count from 0.
    pub(crate) fn seeds(&mut self, entry: &Entry) -> Option<At<Vec<u64>>> {
        let span = entry.value.span;
        let value = match &entry.value.written {
            Written::Scalar(Value::Number(count)) if count.is_u64() || count.is_i64() => match count.as_u64() {
                Some(count @ 1..=MAX_SEEDS) => (0..count).collect(),
                _ => {
                    let message = format!("{count} seeds are not possible");
                    self.tell(span, message, format!("write a count from 1 to {MAX_SEEDS}, or a list of seeds"));
                    return None;
                }
            },
            Written::List(items) if !items.is_empty() => self.seed_list(items)?,
            Written::List(_) => {
                self.tell(
                    span,
                    "without a seed there is no trial",
                    "write a count, such as `seeds: 3`, or a list of seeds",
                );
                return None;
            }
            _ => {
                self.wrong(entry, "a list of whole numbers or a count", "seeds: 3");
                return None;
            }
        };
        Some(At { span, value })
    }

    fn seed_list(&mut self, items: &[Node]) -> Option<Vec<u64>> {
        let mut first: HashMap<u64, Span> = HashMap::new();
        let mut seeds = Vec::with_capacity(items.len());
        for item in items {
            let Written::Scalar(Value::Number(number)) = &item.written else {
                self.tell(
                    item.span,
                    format!("a seed is a whole number, not {}", item.kind()),
                    "write such as `[0, 1, 2]`",
                );
                continue;
            };
            let Some(seed) = number.as_u64() else {
                self.tell(item.span, format!("{number} is not a seed"), format!("allowed: 0 to {}", u64::MAX));
                continue;
            };
            match first.get(&seed) {
                Some(earlier) => {
                    let help = "each seed is one trial; list it once";
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

    /// A label: plain text or a template.
    pub(crate) fn label(&mut self, entry: &Entry, roots: &[&str]) -> Option<At<Label>> {
        let text = self.text(entry)?;
        let span = entry.value.span;
        let label = match Label::parse(&text) {
            Ok(label) => label,
            Err(why) => {
                self.tell(span, why, "write a name, or a template such as `nade {model.hidden}`; `{{` is a brace");
                return None;
            }
        };
        for key in label.keys() {
            let root = key.split('.').next().unwrap_or_default();
            if !roots.contains(&root) {
                let help = format!("a placeholder starts with one of {}", roots.join(", "));
                self.tell(span, format!("`{{{key}}}` is not a placeholder"), help);
            }
        }
        Some(At { span, value: label })
    }

    /// Warns of words that were true or false in YAML 1.1 and are text now.
    pub(crate) fn warn_of_words(&mut self, node: &Node) {
        match &node.written {
            Written::Scalar(Value::String(text)) => {
                let word = ["yes", "no", "on", "off"].into_iter().find(|word| text.eq_ignore_ascii_case(word));
                if word.is_some() && self.source.slice(node.span) == text {
                    let yes = text.eq_ignore_ascii_case("yes") || text.eq_ignore_ascii_case("on");
                    self.sink.push(
                        Diagnostic::warning(format!("`{text}` is text"))
                            .at(&self.source, node.span)
                            .help(format!("write `{yes}` if that is meant, or put it in quotes")),
                    );
                }
            }
            Written::Scalar(_) => {}
            Written::List(items) => items.iter().for_each(|item| self.warn_of_words(item)),
            Written::Block(entries) => entries.iter().for_each(|entry| self.warn_of_words(&entry.value)),
        }
    }
}
