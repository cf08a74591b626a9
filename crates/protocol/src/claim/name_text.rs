//! Text of names in a statement: bare words, or text in quotes.

use std::fmt;

/// Words that a statement reads as operators; a name that equals one of them needs quotes.
pub const KEYWORDS: [&str; 3] = ["and", "or", "not"];

/// Returns whether a name needs no quotes: letters, digits and `_`, no digit at the start, and no keyword.
#[must_use]
pub fn is_bare_name(name: &str) -> bool {
    let mut chars = name.chars();
    let starts = chars.next().is_some_and(|first| first == '_' || first.is_alphabetic());
    starts && chars.all(|c| c == '_' || c.is_alphanumeric()) && !KEYWORDS.contains(&name)
}

/// A name, in quotes if it needs them. A quote inside is doubled.
pub(super) struct Name<'a>(pub(super) &'a str);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match is_bare_name(self.0) {
            true => f.write_str(self.0),
            false => write!(f, "\"{}\"", self.0.replace('"', "\"\"")),
        }
    }
}
