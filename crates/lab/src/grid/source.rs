//! The text of a grid file and places in it.

use std::cmp::Ordering;

/// A stretch of a file, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Span {
    /// The first byte.
    pub(crate) start: usize,
    /// The byte after the last.
    pub(crate) end: usize,
}

/// A file as it was read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Source {
    /// How the file is called in messages.
    pub(crate) name: String,
    /// Its text.
    pub(crate) text: String,
    /// The first byte of every line.
    lines: Vec<usize>,
}

impl Source {
    pub(crate) fn new(name: &str, text: &str) -> Self {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(newline, _)| newline + 1)).collect();
        Self { name: name.to_owned(), text: text.to_owned(), lines }
    }

    /// Line and column of a byte, both from 1; a column counts characters.
    pub(crate) fn line_column(&self, byte: usize) -> (usize, usize) {
        let byte = self.floor(byte);
        let line = self.lines.partition_point(|start| *start <= byte);
        (line, self.text[self.lines[line - 1]..byte].chars().count() + 1)
    }

    /// The part of a span on its first line, moved onto characters' borders and into the file.
    pub(crate) fn first_line(&self, span: Span) -> Span {
        let start = self.floor(span.start);
        let end = self.floor(span.end).max(start);
        let line_end = self.text[start..end].find(['\n', '\r']).map_or(end, |newline| start + newline);
        Span { start, end: start + self.text[start..line_end].trim_end().len() }
    }

    /// The text under a span.
    pub(crate) fn slice(&self, span: Span) -> &str {
        let start = self.floor(span.start);
        &self.text[start..self.floor(span.end).max(start)]
    }

    /// The byte at which the character number `offset` starts.
    pub(crate) fn byte_of_char(&self, offset: usize) -> usize {
        self.text.char_indices().nth(offset).map_or(self.text.len(), |(byte, _)| byte)
    }

    fn floor(&self, byte: usize) -> usize {
        match byte.cmp(&self.text.len()) {
            Ordering::Less => self.text.floor_char_boundary(byte),
            _ => self.text.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let source = Source::new("g", "a: é\nbé: 3\n");
        assert_eq!(source.line_column(0), (1, 1));
        assert_eq!(source.line_column(source.text.find('3').unwrap()), (2, 5));
        assert_eq!(source.line_column(1_000), (3, 1));
        assert_eq!(source.byte_of_char(4), 5);
    }

    #[test]
    fn a_long_span_is_cut_at_its_first_line() {
        let source = Source::new("g", "ab \ncd");
        assert_eq!(source.first_line(Span { start: 1, end: 6 }), Span { start: 1, end: 2 });
        assert_eq!(source.first_line(Span { start: 5, end: 90 }), Span { start: 5, end: 6 });
    }
}
