//! Errors and warnings of a grid, shown with `file:line:column`, the line, a caret and help.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str};
use protocol::text::escape;
use serde::Serialize;

use crate::source::{Source, Span};

/// Range of widths of a source line; beyond it a line is cut around its error.
const NARROWEST: usize = 40;
const WIDEST: usize = 140;
/// Number of diagnostics that are printed; the rest are counted.
const SHOWN: usize = 50;
/// Number of diagnostics that are kept; the rest are dropped.
pub(crate) const KEPT: usize = 1_000;

/// Severity of a diagnostic: whether the grid can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The grid cannot be used; nothing is started.
    Error,
    /// The grid can be used, but it is probably not what the author meant.
    Warning,
}

/// A location in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Location {
    /// Name of the file, as given.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
    #[serde(skip)]
    source: Arc<Source>,
    #[serde(skip)]
    span: Span,
}

impl Location {
    pub(crate) fn new(source: &Arc<Source>, span: Span) -> Self {
        let (line, column) = source.line_column(span.start);
        Self {
            file: source.name(span.start).to_owned(),
            line,
            column,
            source: Arc::clone(source),
            span: source.first_line(span),
        }
    }

    pub(crate) fn span(&self) -> Span {
        self.span
    }
}

/// A second location that belongs to a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// The location.
    #[serde(flatten)]
    pub location: Location,
    /// Short description of the location, in lower case.
    pub message: String,
}

/// One error or warning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// The location; `None` for an error in the arguments of the command line.
    #[serde(flatten)]
    pub location: Option<Location>,
    /// The message, in lower case and without a full stop.
    pub message: String,
    /// The allowed values, a suggestion or an example.
    pub help: Option<String>,
    /// Other locations that belong to it.
    pub notes: Vec<Note>,
}

impl Diagnostic {
    pub(crate) fn error(message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, location: None, message: message.into(), help: None, notes: Vec::new() }
    }

    pub(crate) fn warning(message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(message) }
    }

    pub(crate) fn at(self, source: &Arc<Source>, span: Span) -> Self {
        Self { location: Some(Location::new(source, span)), ..self }
    }

    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    pub(crate) fn note(mut self, source: &Arc<Source>, span: Span, message: impl Into<String>) -> Self {
        self.notes.push(Note { location: Location::new(source, span), message: message.into() });
        self
    }

    fn render(&self, renderer: &Renderer) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let mut report = Group::with_title(level.primary_title(normalize_untrusted_str(&self.message)));
        if let Some(location) = &self.location {
            let (text, span) = location.source.within(location.span);
            let mut snippet = Snippet::source(text)
                .path(escape::cell(&location.file).into_owned())
                .annotation(AnnotationKind::Primary.span(span.start..span.end));
            let mut elsewhere = Vec::new();
            for note in self.notes.iter().filter(|note| note.location.span != location.span) {
                let label = normalize_untrusted_str(&note.message);
                let (text, span) = note.location.source.within(note.location.span);
                let annotation = AnnotationKind::Context.span(span.start..span.end).label(label);
                if note.location.file == location.file {
                    snippet = snippet.annotation(annotation);
                } else {
                    elsewhere.push(
                        Snippet::source(text)
                            .path(escape::cell(&note.location.file).into_owned())
                            .annotation(annotation),
                    );
                }
            }
            report = report.element(snippet);
            for other in elsewhere {
                report = report.element(other);
            }
        }
        if let Some(help) = &self.help {
            report = report.element(Level::HELP.message(normalize_untrusted_str(help)));
        }
        renderer.render(&[report])
    }
}

/// All errors and warnings of a grid, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// All diagnostics, in the order of the file.
    #[must_use]
    pub fn list(&self) -> &[Diagnostic] {
        &self.list
    }

    /// Returns whether there are no diagnostics.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Returns whether at least one diagnostic is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|one| one.severity == Severity::Error)
    }

    /// Merges two lists, in the order of the file.
    pub(crate) fn and(self, others: Self) -> Self {
        let mut sink = Sink::from(self);
        others.list.into_iter().for_each(|one| sink.push(one));
        sink.finish()
    }

    /// Text for a terminal of `width` columns, with escape sequences if `color`. `usize::MAX` is no limit.
    #[must_use]
    pub fn render(&self, color: bool, width: usize) -> String {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        let renderer = renderer.term_width(width.clamp(NARROWEST, WIDEST));
        let mut shown: Vec<_> = self.list.iter().take(SHOWN).map(|one| one.render(&renderer)).collect();
        if self.list.len() > SHOWN {
            shown.push(format!("and {} more", self.list.len() - SHOWN));
        }
        shown.join("\n\n")
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false, usize::MAX))
    }
}

impl std::error::Error for Diagnostics {}

/// Collector of diagnostics. The same message at the same location is kept once, even if many combinations of a
/// matrix cause it.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    list: Vec<Diagnostic>,
    seen: HashSet<(Option<(String, Span)>, String)>,
}

impl Sink {
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        let location = diagnostic.location.as_ref().map(|location| (location.file.clone(), location.span));
        let key = (location, diagnostic.message.clone());
        if self.list.len() < KEPT && self.seen.insert(key) {
            self.list.push(diagnostic);
        }
    }

    pub(crate) fn extend(&mut self, more: impl IntoIterator<Item = Box<Diagnostic>>) {
        more.into_iter().for_each(|one| self.push(*one));
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    pub(crate) fn is_full(&self) -> bool {
        self.list.len() >= KEPT
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.list.iter().any(|one| one.severity == Severity::Error)
    }

    pub(crate) fn finish(mut self) -> Diagnostics {
        self.list.sort_by_key(|one| one.location.as_ref().map(|location| location.span));
        Diagnostics { list: self.list }
    }
}

impl From<Diagnostics> for Sink {
    fn from(diagnostics: Diagnostics) -> Self {
        let mut sink = Self::default();
        diagnostics.list.into_iter().for_each(|one| sink.push(one));
        sink
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(one: Diagnostic) -> Self {
        Self { list: vec![one] }
    }
}
