//! What was written: the YAML of a grid as a tree, in the order of the file, with a place for
//! every value and every key. What it means is decided elsewhere.

use serde_json::Value;

use crate::source::Span;

/// A value as written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    /// Where it stands. A block's span covers its entries.
    pub(crate) span: Span,
    /// What it is.
    pub(crate) written: Written,
}

/// The three shapes of a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Written {
    /// Nothing, true or false, a number or text, by the core schema of YAML 1.2.
    Scalar(Value),
    /// `[a, b]`.
    List(Vec<Node>),
    /// `{key: value}`, keys in file order, each once.
    Block(Vec<Entry>),
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    /// The key.
    pub(crate) key: String,
    /// Where the key stands.
    pub(crate) key_span: Span,
    /// The value.
    pub(crate) value: Node,
}

impl Node {
    /// A block without entries, which stands at `span`.
    pub(crate) fn empty(span: Span) -> Self {
        Self { span, written: Written::Block(Vec::new()) }
    }

    /// The same at places that are `by` bytes further on.
    pub(crate) fn shifted(self, by: usize) -> Self {
        let moved = |span: Span| Span { start: span.start + by, end: span.end + by };
        let written = match self.written {
            Written::Scalar(value) => Written::Scalar(value),
            Written::List(items) => Written::List(items.into_iter().map(|item| item.shifted(by)).collect()),
            Written::Block(entries) => Written::Block(
                entries
                    .into_iter()
                    .map(|entry| Entry { key_span: moved(entry.key_span), value: entry.value.shifted(by), ..entry })
                    .collect(),
            ),
        };
        Self { span: moved(self.span), written }
    }

    /// What it is, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.written {
            Written::Scalar(Value::Null) => "nothing",
            Written::Scalar(Value::Bool(_)) => "true or false",
            Written::Scalar(Value::Number(number)) if number.is_f64() => "a floating-point number",
            Written::Scalar(Value::Number(_)) => "a whole number",
            Written::Scalar(_) => "text",
            Written::List(_) => "a list",
            Written::Block(_) => "a block of settings",
        }
    }

    /// The text, if it is text.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.written {
            Written::Scalar(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// The entries, if it is a block.
    pub(crate) fn entries(&self) -> Option<&[Entry]> {
        match &self.written {
            Written::Block(entries) => Some(entries),
            _ => None,
        }
    }

    /// The items, if it is a list.
    pub(crate) fn items(&self) -> Option<&[Node]> {
        match &self.written {
            Written::List(items) => Some(items),
            _ => None,
        }
    }

    /// The entry of `key`, if it is a block that has one.
    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries()?.iter().find(|entry| entry.key == key)
    }

    /// The value of `key`, or the item of that index.
    pub(crate) fn child(&self, key: &str) -> Option<&Self> {
        match &self.written {
            Written::Block(_) => self.entry(key).map(|entry| &entry.value),
            Written::List(items) => items.get(key.parse::<usize>().ok()?),
            Written::Scalar(_) => None,
        }
    }

    /// The value at a path of keys and indices.
    pub(crate) fn find<'a>(&self, path: impl IntoIterator<Item = &'a str>) -> Option<&Self> {
        path.into_iter().try_fold(self, |node, key| node.child(key))
    }

    /// The same without places.
    pub(crate) fn to_value(&self) -> Value {
        match &self.written {
            Written::Scalar(value) => value.clone(),
            Written::List(items) => items.iter().map(Self::to_value).collect(),
            Written::Block(entries) => {
                Value::Object(entries.iter().map(|entry| (entry.key.clone(), entry.value.to_value())).collect())
            }
        }
    }

    /// The place that a message about `path` points at: the value, its key if `at_key`, or the
    /// nearest thing around it that was written. `None` if not even the first key was.
    pub(crate) fn locate(&self, path: &str, at_key: bool) -> Option<Span> {
        let mut node = self;
        let mut place = None;
        let mut keys = path.split('.').peekable();
        while let Some(key) = keys.next() {
            let Some(child) = node.child(key) else { break };
            let key_span = node.entry(key).map(|entry| entry.key_span);
            place = Some(match key_span {
                // An unknown name is told at the name, not at the word `name`.
                Some(span) if at_key && keys.peek().is_none() && key != "name" => span,
                _ => child.landmark(key_span),
            });
            node = child;
        }
        place
    }

    /// Where a reader looks for this value: a scalar itself, a block's name, else its key.
    fn landmark(&self, key_span: Option<Span>) -> Span {
        match (&self.written, self.entry("name")) {
            (Written::Scalar(_), _) => self.span,
            (_, Some(name)) => name.value.span,
            _ => key_span.unwrap_or(self.span),
        }
    }
}
