//! Text, and texts with a form: titles, names of grids, devices, labels.

use protocol::layout::RESERVED_NAMES;
use protocol::params::nearest;
use protocol::text::escape;
use serde_json::Value;

use super::{Reader, value_span};
use crate::grid::Spanned;
use crate::label_template::Label;
use crate::node::{Content, Entry};

/// Longest name in bytes; a longer one leaves too little room for the rest of a path.
const MAX_NAME: usize = 100;

impl Reader {
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
}
