//! Location of the text of a statement in the file, which may have quotes, escapes and line breaks.

use crate::node::Node;
use crate::source::{Source, Span};

/// Byte in the file for each byte of a text.
pub(super) struct SourceMap {
    /// Span of the whole value.
    whole: Span,
    /// Offset in the file for each byte of the text and its end; `None` if the text is written in another way.
    offsets: Option<Vec<usize>>,
}

impl SourceMap {
    /// The map of `text`, the value of `node`.
    pub(super) fn of(source: &Source, node: &Node, text: &str) -> Self {
        let written = source.slice(node.span);
        Self { whole: node.span, offsets: offsets(text, written, node.span.start) }
    }

    /// The span in the file of a span in the text.
    pub(super) fn span(&self, span: Span) -> Span {
        let Some(offsets) = &self.offsets else { return self.whole };
        let (Some(start), Some(last)) = (offsets.get(span.start), offsets.get(span.end.saturating_sub(1))) else {
            return self.whole;
        };
        match span.end > span.start {
            true => Span { start: *start, end: last + 1 },
            // The end of the text.
            false => Span { start: *start, end: *start },
        }
    }
}

/// Finds each character of `text` in `written`, where only blanks, quotes and the signs of YAML may be added.
fn offsets(text: &str, written: &str, start: usize) -> Option<Vec<usize>> {
    let added = |c: char| c.is_whitespace() || "\"'\\|>+-".contains(c);
    let mut rest = written.char_indices().peekable();
    rest.next_if(|(_, first)| *first == '"' || *first == '\'');
    let mut offsets = Vec::with_capacity(text.len() + 1);
    for c in text.chars() {
        let at = loop {
            match rest.peek() {
                Some((at, found)) if *found == c => {
                    let at = *at;
                    rest.next();
                    break at;
                }
                // Line breaks of the file are blanks of the text.
                Some((at, found)) if c.is_whitespace() && found.is_whitespace() => {
                    let at = *at;
                    while rest.next_if(|(_, next)| next.is_whitespace()).is_some() {}
                    break at;
                }
                // The value ends in a line break that the file does not show as part of it.
                None if c.is_whitespace() => break written.len(),
                Some((_, found)) if added(*found) => {
                    rest.next();
                }
                _ => return None,
            }
        };
        offsets.extend((0..c.len_utf8()).map(|byte| start + at + byte));
    }
    let end = offsets.last().map_or(start, |last| last + 1);
    offsets.push(end);
    Some(offsets)
}
