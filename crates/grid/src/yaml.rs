//! Parsing of YAML text into a tree of [`Node`]s.
//!
//! Aliases are expanded; the span of an aliased value is that of its anchor. Duplicate keys and merge keys (`<<`) are
//! refused. Depth and number of values are limited, so that nested aliases cannot exhaust the memory.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_yaml::options::{DuplicateKeyPolicy, MergeKeyPolicy, NonFiniteFloatPolicy};
use serde_yaml::{Location, MessageFormatter, Spanned, UserMessageFormatter};

use crate::diagnostics::{Diagnostic, Sink};
use crate::node::{Content, Entry, Node};
use crate::source::{Source, Span};

/// Largest depth of nesting, with aliases expanded. In a build without optimisation, a level takes 40 KiB of the stack.
const DEPTH: usize = 32;
/// Largest number of values, with aliases expanded.
const EVENTS: usize = 1_000_000;

/// Other words for a message of the parser.
struct Reworded {
    /// Part of the parser's message.
    part: &'static str,
    message: &'static str,
    help: &'static str,
}

const REWORDED: [Reworded; 3] = [
    Reworded {
        part: "single YAML document",
        message: "a second document starts here",
        help: "a grid is one document; remove the line `---`",
    },
    Reworded { part: "expected string scalar", message: "a key must be text", help: "write `key: value`" },
    Reworded {
        part: "null is not allowed here",
        message: "a key must be text, not nothing",
        help: "write `key: value`, or put the key in quotes",
    },
];

/// Parses the text of a file. A duplicate key is reported to `sink`, and its first value kept.
///
/// # Errors
/// The first mistake in the syntax, where the parser stops. If lines follow, its help states that they are not checked.
pub(crate) fn read(source: &Arc<Source>, sink: &mut Sink) -> Result<Node, Box<Diagnostic>> {
    let options = serde_yaml::options! {
        budget: serde_yaml::budget! { max_depth: DEPTH, max_events: EVENTS },
        alias_limits: serde_yaml::alias_limits! { max_total_replayed_events: EVENTS / 10, max_replay_stack_depth: 16 },
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        merge_keys: MergeKeyPolicy::Error,
        non_finite_float_policy: NonFiniteFloatPolicy::Reject,
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        reject_unsupported_tags: true,
        emit_comments: false,
        with_snippet: false,
    };
    let raw: Raw =
        serde_yaml::from_str_with_options(&source.text, options).map_err(|error| Box::new(first(source, &error)))?;
    Ok(raw.node(source, sink))
}

/// The mistake at which the parser stopped.
fn first(source: &Arc<Source>, error: &serde_yaml::Error) -> Diagnostic {
    let one = mistake(source, error);
    let at = one.location.as_ref().map_or(0, |location| location.span().start);
    let is_last = source.text[at..].lines().skip(1).all(|line| line.trim().is_empty());
    if is_last {
        return one;
    }
    let known = one.help.as_ref().map(|known| format!("{known}; ")).unwrap_or_default();
    one.help(format!("{known}the lines below are not checked yet"))
}

fn mistake(source: &Arc<Source>, error: &serde_yaml::Error) -> Diagnostic {
    let span = error.location().map_or(Span::default(), |location| span_of(source, location));
    if let Some(tab) = tab_in_indentation(source, span) {
        let help = "YAML is indented with spaces; replace the tab by spaces";
        return Diagnostic::error("a tab indents this line").at(source, tab).help(help);
    }
    let message = UserMessageFormatter.format_message(error);
    if let Some(reworded) = REWORDED.iter().find(|one| message.contains(one.part)) {
        return Diagnostic::error(reworded.message).at(source, span).help(reworded.help);
    }
    // The parser's own message names settings that users cannot see.
    if message.contains("too large or too complex") {
        if message.contains("Depth {") {
            let help = format!("at most {DEPTH} levels of blocks and lists, with aliases expanded");
            return Diagnostic::error("the nesting is too deep").at(source, span).help(help);
        }
        let help = format!("at most {EVENTS} values, {} of them through aliases", EVENTS / 10);
        return Diagnostic::error("the file is too large or too complex").at(source, span).help(help);
    }
    Diagnostic::error(fragment(&message)).at(source, span)
}

/// The tab in the indentation of the line of a mistake or of the next line that is not empty.
fn tab_in_indentation(source: &Source, mistake: Span) -> Option<Span> {
    let start = source.text[..mistake.start].rfind('\n').map_or(0, |newline| newline + 1);
    let mut at = start;
    let lines = source.text[start..].split_inclusive('\n').map(|line| {
        at += line.len();
        (at - line.len(), line)
    });
    let mut lines = lines.filter(|(_, line)| !line.trim().is_empty()).take(2);
    lines.find_map(|(start, line)| {
        let indent = line.len() - line.trim_start().len();
        let tab = start + line[..indent].find('\t')?;
        Some(Span { start: tab, end: tab + 1 })
    })
}

/// A value as the parser returns it, with duplicate keys.
struct Raw(Spanned<Tree>);

enum Tree {
    Scalar(Value),
    List(Vec<Raw>),
    Block(Vec<(Spanned<String>, Raw)>),
}

impl Raw {
    fn node(self, source: &Arc<Source>, sink: &mut Sink) -> Node {
        let mut span = span_of(source, self.0.defined);
        let content = match self.0.value {
            Tree::Scalar(value) => Content::Scalar(in_yaml_1_2(value, source.slice(span))),
            Tree::List(items) => Content::List(items.into_iter().map(|item| item.node(source, sink)).collect()),
            Tree::Block(entries) => Content::Block(unique(entries, source, sink)),
        };
        // The span of an alias is that of its anchor, which comes earlier; it cannot extend this span.
        let last = match &content {
            Content::Scalar(_) => span.end,
            Content::List(items) => items.last().map_or(0, |item| item.span.end),
            Content::Block(entries) => entries.last().map_or(0, |last| last.key_span.end.max(last.value.span.end)),
        };
        span.end = span.end.max(last);
        span.end = closed(source, span, &content).unwrap_or(span.end);
        Node { span, content }
    }
}

/// The value of a scalar by YAML 1.2. The parser also reads `0b11`, `0X1f` and `-0x1F` as numbers, which are text.
fn in_yaml_1_2(value: Value, written: &str) -> Value {
    let digits = written.strip_prefix(['-', '+']).unwrap_or(written);
    let mut start = digits.chars();
    let based = start.next() == Some('0') && start.next().is_some_and(|base| base.is_ascii_alphabetic());
    let allowed = digits == written && (digits.starts_with("0x") || digits.starts_with("0o"));
    if value.is_number() && based && !allowed { Value::from(written) } else { value }
}

/// End of a flow list or block with its closing bracket, which the parser's span lacks.
fn closed(source: &Source, span: Span, content: &Content) -> Option<usize> {
    let (open, close) = match content {
        Content::Scalar(_) => return None,
        Content::List(_) => ('[', ']'),
        Content::Block(_) => ('{', '}'),
    };
    source.text[span.start..].starts_with(open).then_some(())?;
    let inner = span.end.max(span.start + 1);
    let rest = source.text[inner..].trim_start_matches(|c: char| c.is_whitespace() || c == ',');
    rest.starts_with(close).then(|| source.text.len() - rest.len() + 1)
}

fn unique(entries: Vec<(Spanned<String>, Raw)>, source: &Arc<Source>, sink: &mut Sink) -> Vec<Entry> {
    let mut first: HashMap<String, Span> = HashMap::new();
    let mut kept = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        let key_span = span_of(source, key.defined);
        let value = value.node(source, sink);
        match first.get(&key.value) {
            Some(earlier) => {
                sink.push(Diagnostic::error(format!("duplicate key `{}`", key.value)).at(source, key_span).note(
                    source,
                    *earlier,
                    "first defined here",
                ))
            }
            None => {
                first.insert(key.value.clone(), key_span);
                kept.push(Entry { key: key.value, key_span, value });
            }
        }
    }
    kept
}

fn span_of(source: &Source, location: Location) -> Span {
    let span = location.span();
    let number = |value: u64| usize::try_from(value).unwrap_or(usize::MAX);
    let (start, end) = match (span.byte_offset(), span.byte_len()) {
        (Some(start), Some(len)) => (number(start), number(start.saturating_add(len))),
        // Some errors of the parser have character offsets only.
        _ => (
            source.byte_of_char(number(span.offset())),
            source.byte_of_char(number(span.offset().saturating_add(span.len()))),
        ),
    };
    let len = source.text.len();
    Span { start: start.min(len), end: end.min(len) }
}

/// The parser's message in lower case and without a full stop.
fn fragment(message: &str) -> String {
    let message = message.trim_end_matches('.');
    let mut chars = message.chars();
    match chars.next() {
        Some(first) if !chars.as_str().starts_with(char::is_uppercase) => first.to_lowercase().chain(chars).collect(),
        _ => message.to_owned(),
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Spanned::deserialize(deserializer).map(Self)
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Tree, E> {
        Ok(Tree::Scalar(Value::Null))
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Scalar(value.into()))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Scalar(value.into()))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Scalar(value.into()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Tree, E> {
        Ok(Tree::Scalar(value.into()))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Scalar(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Tree, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Tree::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Tree::Block(entries))
    }
}
