//! Mistakes in a grid and how they are shown: `file:line:column`, the line, a caret, the advice.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str};
use serde::Serialize;

use crate::source::{Source, Span};

/// More mistakes than this are counted, not shown.
const SHOWN: usize = 50;
/// More mistakes than this are not kept.
pub(crate) const KEPT: usize = 1_000;

/// Whether a grid can be used all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Nothing is started.
    Error,
    /// Probably not what was meant.
    Warning,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file, as it was named.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    #[serde(skip)]
    source: Arc<Source>,
    #[serde(skip)]
    span: Span,
}

impl Place {
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
}

/// A second place that belongs to a mistake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// What is there: a lowercase fragment.
    pub message: String,
}

/// One mistake, or one warning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// Where; a mistake on the command line has no place in a file.
    #[serde(flatten)]
    pub place: Option<Place>,
    /// What is wrong: a lowercase fragment.
    pub message: String,
    /// What is allowed, or what was probably meant.
    pub help: Option<String>,
    /// Other places that belong to it.
    pub notes: Vec<Note>,
}

impl Diagnostic {
    pub(crate) fn error(message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, place: None, message: message.into(), help: None, notes: Vec::new() }
    }

    pub(crate) fn warning(message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(message) }
    }

    pub(crate) fn at(self, source: &Arc<Source>, span: Span) -> Self {
        Self { place: Some(Place::new(source, span)), ..self }
    }

    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    pub(crate) fn note(mut self, source: &Arc<Source>, span: Span, message: impl Into<String>) -> Self {
        self.notes.push(Note { place: Place::new(source, span), message: message.into() });
        self
    }

    fn render(&self, renderer: &Renderer) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let mut report = Group::with_title(level.primary_title(normalize_untrusted_str(&self.message)));
        if let Some(place) = &self.place {
            let (text, span) = place.source.within(place.span);
            let mut snippet = Snippet::source(text)
                .path(place.file.as_str())
                .annotation(AnnotationKind::Primary.span(span.start..span.end));
            let mut elsewhere = Vec::new();
            for note in self.notes.iter().filter(|note| note.place.span != place.span) {
                let label = normalize_untrusted_str(&note.message);
                let (text, span) = note.place.source.within(note.place.span);
                let annotation = AnnotationKind::Context.span(span.start..span.end).label(label);
                if note.place.file == place.file {
                    snippet = snippet.annotation(annotation);
                } else {
                    elsewhere.push(Snippet::source(text).path(note.place.file.as_str()).annotation(annotation));
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

/// Every mistake of a grid, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// All of them, in the order of the file.
    #[must_use]
    pub fn list(&self) -> &[Diagnostic] {
        &self.list
    }

    /// Whether there is nothing to tell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether one of them is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|one| one.severity == Severity::Error)
    }

    /// These and others, in the order of the file.
    pub(crate) fn and(self, others: Self) -> Self {
        let mut sink = Sink::from(self);
        others.list.into_iter().for_each(|one| sink.push(one));
        sink.finish()
    }

    /// For a terminal; without `color` the text is plain.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        let mut shown: Vec<_> = self.list.iter().take(SHOWN).map(|one| one.render(&renderer)).collect();
        if self.list.len() > SHOWN {
            shown.push(format!("and {} more", self.list.len() - SHOWN));
        }
        shown.join("\n\n")
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Diagnostics {}

/// Where mistakes are gathered. The same mistake in the same place counts once, however many
/// combinations of a matrix run into it.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    list: Vec<Diagnostic>,
    seen: HashSet<(Option<(String, Span)>, String)>,
}

impl Sink {
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        let place = diagnostic.place.as_ref().map(|place| (place.file.clone(), place.span));
        let key = (place, diagnostic.message.clone());
        if self.list.len() < KEPT && self.seen.insert(key) {
            self.list.push(diagnostic);
        }
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
        self.list.sort_by_key(|one| one.place.as_ref().map(|place| place.span));
        Diagnostics { list: self.list }
    }
}

impl From<Diagnostics> for Sink {
    fn from(told: Diagnostics) -> Self {
        let mut sink = Self::default();
        told.list.into_iter().for_each(|one| sink.push(one));
        sink
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(one: Diagnostic) -> Self {
        Self { list: vec![one] }
    }
}
