//! The text of a grid, of one file or several, and spans in it.

use std::cmp::Ordering;
use std::path::{Path, PathBuf};

/// A range of bytes in a [`Source`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Span {
    /// The first byte.
    pub(crate) start: usize,
    /// The byte after the last.
    pub(crate) end: usize,
}

/// The texts of all files of a grid, joined: the number of a byte identifies its file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Source {
    /// All texts, separated by line breaks.
    pub(crate) text: String,
    files: Vec<File>,
}

/// A file and the span of its text.
#[derive(Debug, PartialEq, Eq)]
struct File {
    /// Name in messages.
    name: String,
    /// Folder against which its relative paths are resolved: that of the file, or the current folder.
    folder: PathBuf,
    span: Span,
    /// First byte of each line.
    lines: Vec<usize>,
}

impl Source {
    pub(crate) fn new(name: &str, text: &str) -> Self {
        let mut source = Self::default();
        source.add(name, text);
        source
    }

    /// Adds a file; returns the number of its first byte.
    pub(crate) fn add(&mut self, name: &str, text: &str) -> usize {
        let folder = Path::new(name).parent().unwrap_or(Path::new(""));
        self.add_in(folder, name, text)
    }

    /// Adds a text whose relative paths start at the current folder; returns the number of its first byte.
    pub(crate) fn add_argument(&mut self, name: &str, text: &str) -> usize {
        self.add_in(Path::new(""), name, text)
    }

    fn add_in(&mut self, folder: &Path, name: &str, text: &str) -> usize {
        if !self.files.is_empty() {
            self.text.push('\n');
        }
        let start = self.text.len();
        self.text.push_str(text);
        let breaks = text.match_indices('\n').map(|(newline, _)| start + newline + 1);
        let lines = std::iter::once(start).chain(breaks).collect();
        self.files.push(File {
            name: name.to_owned(),
            folder: folder.to_owned(),
            span: Span { start, end: self.text.len() },
            lines,
        });
        start
    }

    fn file(&self, byte: usize) -> &File {
        let index = self.files.partition_point(|file| file.span.start <= byte);
        &self.files[index.max(1) - 1]
    }

    /// Name in messages of the file that holds a byte.
    pub(crate) fn name(&self, byte: usize) -> &str {
        &self.file(byte).name
    }

    /// Location of a byte: its file, relative to the folder of the first file, and its line.
    pub(crate) fn place(&self, byte: usize) -> (String, usize) {
        let name = Path::new(self.name(byte));
        let first = self.files.first().map_or(Path::new(""), |file| &file.folder);
        (name.strip_prefix(first).unwrap_or(name).display().to_string(), self.line_column(byte).0)
    }

    /// Folder against which relative paths in the file that holds a byte are resolved; empty for the current folder.
    pub(crate) fn folder(&self, byte: usize) -> &Path {
        &self.file(byte).folder
    }

    /// Text of the file that holds `span`, and the span relative to it.
    pub(crate) fn within(&self, span: Span) -> (&str, Span) {
        let Span { start, end } = self.file(span.start).span;
        let local = |byte: usize| byte.clamp(start, end) - start;
        (&self.text[start..end], Span { start: local(span.start), end: local(span.end) })
    }

    /// Text of all files. Several files are each preceded by a comment with the file name. The text of a setting of
    /// the command line is part of that comment and not repeated.
    pub(crate) fn whole(&self) -> String {
        let text = |file: &File| &self.text[file.span.start..file.span.end];
        let named = |file: &File| match text(file) {
            text if file.name.ends_with(text) => format!("# {}\n", file.name),
            text => format!("# {}\n{}\n", file.name, text.trim_end()),
        };
        match self.files.as_slice() {
            [one] => text(one).to_owned(),
            several => several.iter().map(named).collect(),
        }
    }

    /// Line and column of a byte in its file, both counted from 1. Columns count characters.
    pub(crate) fn line_column(&self, byte: usize) -> (usize, usize) {
        let byte = self.floor(byte);
        let lines = &self.file(byte).lines;
        let line = lines.partition_point(|start| *start <= byte);
        (line, self.text[lines[line - 1]..byte].chars().count() + 1)
    }

    /// The first line of a span, clipped to the text and to character boundaries.
    pub(crate) fn first_line(&self, span: Span) -> Span {
        let start = self.floor(span.start);
        let end = self.floor(span.end).max(start);
        let line_end = self.text[start..end].find(['\n', '\r']).map_or(end, |newline| start + newline);
        Span { start, end: start + self.text[start..line_end].trim_end().len() }
    }

    /// Text of a span.
    pub(crate) fn slice(&self, span: Span) -> &str {
        let start = self.floor(span.start);
        &self.text[start..self.floor(span.end).max(start)]
    }

    /// First byte of the character number `offset`.
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
    fn lines_are_counted_in_each_file() {
        let mut source = Source::new("a", "x: 1\ny: 2");
        let second = source.add("b", "é: 1\nz: 3");
        let z = Span { start: source.text.find('z').unwrap(), end: source.text.len() };
        assert_eq!((source.name(8), source.line_column(8)), ("a", (2, 4)));
        assert_eq!((source.name(second), source.line_column(second)), ("b", (1, 1)));
        assert_eq!((source.name(z.start), source.line_column(z.start)), ("b", (2, 1)));
        let (text, span) = source.within(z);
        assert_eq!(&text[span.start..span.end], "z: 3");
        let file = source.add("exp/c.yaml", "x");
        let argument = source.add_argument("--set data.path=/a/b", "data.path=/a/b");
        assert_eq!((source.folder(file), source.folder(argument)), (Path::new("exp"), Path::new("")));
    }

    #[test]
    fn a_long_span_is_cut_at_its_first_line() {
        let source = Source::new("g", "ab \ncd");
        assert_eq!(source.first_line(Span { start: 1, end: 6 }), Span { start: 1, end: 2 });
        assert_eq!(source.first_line(Span { start: 5, end: 90 }), Span { start: 5, end: 6 });
    }
}
