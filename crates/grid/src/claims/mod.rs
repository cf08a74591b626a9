//! Claims: statements over the results, parsed with the location of every name and checked against the plan.
//!
//! `docs/claims.md` describes the language.

mod check;
mod facts;
mod figures;
mod join;
#[cfg(test)]
mod laws;
mod lexer;
mod parser;
mod quantity_parser;
mod read;
mod source_map;
mod variants;

pub(crate) use check::resolve;
pub(crate) use read::{read, refuse_duplicates};

use crate::source::Span;

/// A mistake in the text of a statement.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mistake {
    /// Span in the text.
    pub(crate) span: Span,
    pub(crate) message: String,
    pub(crate) help: String,
}

impl Mistake {
    fn located(span: Span, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: help.into() }
    }

    /// A mistake in whose place `sample` could be written.
    fn with_sample(span: Span, message: impl Into<String>, sample: &str) -> Self {
        Self::located(span, message, format!("for example `{sample}`"))
    }
}
