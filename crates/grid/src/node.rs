//! The YAML of a grid as a tree, in the order of the file, with a span for every value and every key.

use serde_json::Value;

use crate::source::Span;

/// A value with its span.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    /// Span of the value. The span of a block covers its entries.
    pub(crate) span: Span,
    /// The value.
    pub(crate) content: Content,
}

/// The value of a node.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Content {
    /// Null, true or false, a number or text, by the core schema of YAML 1.2.
    Scalar(Value),
    /// A list: `[a, b]`.
    List(Vec<Node>),
    /// A block: `{key: value}`. Keys are in the order of the file and unique.
    Block(Vec<Entry>),
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    /// The key.
    pub(crate) key: String,
    /// Span of the key.
    pub(crate) key_span: Span,
    /// The value.
    pub(crate) value: Node,
}

impl Node {
    /// A block without entries.
    pub(crate) fn empty(span: Span) -> Self {
        Self { span, content: Content::Block(Vec::new()) }
    }

    /// Shifts all spans by `by` bytes.
    pub(crate) fn shifted(self, by: usize) -> Self {
        let moved = |span: Span| Span { start: span.start + by, end: span.end + by };
        let content = match self.content {
            Content::Scalar(value) => Content::Scalar(value),
            Content::List(items) => Content::List(items.into_iter().map(|item| item.shifted(by)).collect()),
            Content::Block(entries) => Content::Block(
                entries
                    .into_iter()
                    .map(|entry| Entry { key_span: moved(entry.key_span), value: entry.value.shifted(by), ..entry })
                    .collect(),
            ),
        };
        Self { span: moved(self.span), content }
    }

    /// Type of the value, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.content {
            Content::Scalar(Value::Null) => "nothing",
            Content::Scalar(Value::Bool(_)) => "true or false",
            Content::Scalar(Value::Number(number)) if number.is_f64() => "a floating-point number",
            Content::Scalar(Value::Number(_)) => "a whole number",
            Content::Scalar(_) => "text",
            Content::List(_) => "a list",
            Content::Block(_) => "a block of settings",
        }
    }

    /// The text, if it is text.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// The entries, if it is a block.
    pub(crate) fn entries(&self) -> Option<&[Entry]> {
        match &self.content {
            Content::Block(entries) => Some(entries),
            _ => None,
        }
    }

    /// The items, if it is a list.
    pub(crate) fn items(&self) -> Option<&[Node]> {
        match &self.content {
            Content::List(items) => Some(items),
            _ => None,
        }
    }

    /// The entry of `key`, if the node is a block with that key.
    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries()?.iter().find(|entry| entry.key == key)
    }

    /// The value of `key` in a block, or the item of that index in a list.
    pub(crate) fn child(&self, key: &str) -> Option<&Self> {
        match &self.content {
            Content::Block(_) => self.entry(key).map(|entry| &entry.value),
            Content::List(items) => items.get(key.parse::<usize>().ok()?),
            Content::Scalar(_) => None,
        }
    }

    /// The value at a path of keys and indices.
    pub(crate) fn find<'a>(&self, path: impl IntoIterator<Item = &'a str>) -> Option<&Self> {
        path.into_iter().try_fold(self, |node, key| node.child(key))
    }

    /// The value without spans.
    pub(crate) fn to_value(&self) -> Value {
        match &self.content {
            Content::Scalar(value) => value.clone(),
            Content::List(items) => items.iter().map(Self::to_value).collect(),
            Content::Block(entries) => {
                Value::Object(entries.iter().map(|entry| (entry.key.clone(), entry.value.to_value())).collect())
            }
        }
    }

    /// The span for a message about `path`: the value, its key if `at_key`, or the innermost existing value around it.
    /// `None` if the first key of the path does not exist.
    pub(crate) fn locate(&self, path: &str, at_key: bool) -> Option<Span> {
        let mut node = self;
        let mut place = None;
        let mut keys = path.split('.').peekable();
        while let Some(key) = keys.next() {
            let Some(child) = node.child(key) else { break };
            let key_span = node.entry(key).map(|entry| entry.key_span);
            place = Some(match key_span {
                // A message about an unknown name points at the name, not at the key `name`.
                Some(span) if at_key && keys.peek().is_none() && key != "name" => span,
                _ => child.landmark(key_span),
            });
            node = child;
        }
        place
    }

    /// The span that represents a value in messages: the scalar itself, the name of a block, else its key.
    fn landmark(&self, key_span: Option<Span>) -> Span {
        match (&self.content, self.entry("name")) {
            (Content::Scalar(_), _) => self.span,
            (_, Some(name)) => name.value.span,
            _ => key_span.unwrap_or(self.span),
        }
    }
}
