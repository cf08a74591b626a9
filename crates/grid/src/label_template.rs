//! Label templates such as `nade {model.hidden}`, and the text of settings in labels.

use protocol::text::escape;
use serde_json::Value;

use crate::node::{Content, Node};

/// A label template: text with placeholders such as `{model.hidden}`. `{{` and `}}` are braces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Label {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Key(String),
}

impl Label {
    /// Parses a template.
    ///
    /// # Errors
    /// The text is empty, or has an unmatched brace or a hidden character ([`escape::hidden`]).
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        if text.trim().is_empty() {
            return Err("a label needs at least one character");
        }
        if text.contains(char::is_control) {
            return Err("a label is one line without control characters");
        }
        if text.contains(escape::hidden) {
            return Err("a label has no marks of the writing direction and no characters without width");
        }
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(brace) = rest.find(['{', '}']) {
            plain.push_str(&rest[..brace]);
            let tail = &rest[brace + 1..];
            let this = &rest[brace..=brace];
            if tail.starts_with(this) {
                plain.push_str(this);
                rest = &tail[1..];
                continue;
            }
            let end = tail.find('}').filter(|_| this == "{").ok_or("unmatched brace in the label")?;
            if tail[..end].trim().is_empty() {
                return Err("empty braces in the label");
            }
            parts.push(Part::Text(std::mem::take(&mut plain)));
            parts.push(Part::Key(tail[..end].trim().to_owned()));
            rest = &tail[end + 1..];
        }
        plain.push_str(rest);
        parts.push(Part::Text(plain));
        Ok(Self { parts })
    }

    /// The text, if it has no placeholder.
    pub(crate) fn plain(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Keys of the placeholders.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Key(key) => Some(key.as_str()),
            Part::Text(_) => None,
        })
    }

    /// Replaces each placeholder by the value that `lookup` returns for its key.
    ///
    /// # Errors
    /// The first key that has no value.
    pub(crate) fn fill(&self, lookup: impl Fn(&str) -> Option<String>) -> Result<String, &str> {
        let mut label = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => label.push_str(text),
                Part::Key(key) => label.push_str(&lookup(key).ok_or(key.as_str())?),
            }
        }
        Ok(label)
    }
}

/// Text of a value in a label: text without quotes, a block by its `name`, else JSON.
pub(crate) fn show(value: &Value) -> String {
    match value {
        // A hidden character in a setting, such as a path, is shown.
        Value::String(text) => escape::cell(text).into_owned(),
        Value::Null => "none".to_owned(),
        Value::Object(map) if map.get("name").is_some_and(Value::is_string) => show(&map["name"]),
        other => other.to_string(),
    }
}

/// Appends every scalar and list under `node` with its dotted path, in the order of the file.
pub(crate) fn leaves(path: &str, node: &Node, out: &mut Vec<(String, String)>) {
    match &node.content {
        Content::Block(entries) => {
            for entry in entries {
                leaves(&protocol::params::join(path, &entry.key), &entry.value, out);
            }
        }
        _ => out.push((path.to_owned(), show(&node.to_value()))),
    }
}

/// Text such as ` hidden=100 data=digits` for pairs of dotted path and value, with the last part of each path if that is
/// unique. The name of the model is left out, because the label starts with it.
pub(crate) fn suffix(pairs: &[(String, String)]) -> String {
    let pairs: Vec<_> = pairs.iter().filter(|(path, _)| path != "model.name").collect();
    let mut text = String::new();
    for (path, value) in &pairs {
        let clear = pairs.iter().filter(|(other, _)| short(other) == short(path)).count() == 1;
        let key = if clear { short(path) } else { path };
        text.push_str(&format!(" {key}={value}"));
    }
    text
}

/// Last part of a path without `.name`: `prior` for both `model.prior.name` and `model.prior`.
fn short(path: &str) -> &str {
    let path = path.strip_suffix(".name").unwrap_or(path);
    path.rsplit('.').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_filled() {
        let label = Label::parse("a {model.hidden} {{x}} {data}!").unwrap();
        assert_eq!(label.keys().collect::<Vec<_>>(), ["model.hidden", "data"]);
        assert_eq!(label.fill(|key| Some(key.len().to_string())).unwrap(), "a 12 {x} 4!");
        assert_eq!(label.fill(|_| None).unwrap_err(), "model.hidden");
        assert_eq!(label.plain(), None);
        assert_eq!(Label::parse("big {{}}").unwrap().plain(), Some("big {}"));
        for bad in ["a {model", "a }", "{ }", " ", "a\nb", "a\u{202e}b", "\u{200b}", "a\u{feff}", "a\u{2066}"] {
            assert!(Label::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_key_is_as_short_as_is_clear() {
        let pairs = |list: &[(&str, &str)]| list.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect::<Vec<_>>();
        assert_eq!(suffix(&pairs(&[("model.hidden", "8"), ("data.name", "digits")])), " hidden=8 data=digits");
        assert_eq!(suffix(&pairs(&[("model.lr", "1"), ("train.lr", "2")])), " model.lr=1 train.lr=2");
        assert_eq!(suffix(&pairs(&[("model.name", "nade")])), "");
    }
}
