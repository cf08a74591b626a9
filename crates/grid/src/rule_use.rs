//! The effect of a rule on the combinations, for `genbench plan`.

use std::sync::Arc;

use serde::Serialize;

use crate::diagnostics::Place;
use crate::source::{Source, Span};
use crate::written::Entry;

/// The effect of one `exclude`, `when` or entry of `include`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleUse {
    /// `exclude`, `when` or `include`.
    pub rule: &'static str,
    /// Its place in the file.
    #[serde(flatten)]
    pub place: Place,
    /// Its text.
    pub text: String,
    /// Combinations removed, each with all of its seeds.
    pub removed: usize,
    /// Combinations given more settings.
    pub extended: usize,
    /// Combinations added.
    pub added: usize,
}

impl RuleUse {
    pub(crate) fn new(source: &Arc<Source>, rule: &'static str, span: Span, keys: &[Entry]) -> Self {
        let pairs: Vec<_> = keys.iter().map(|entry| format!("{}: {}", entry.key, entry.value.to_value())).collect();
        let place = Place::new(source, span);
        Self { rule, place, text: pairs.join(", "), removed: 0, extended: 0, added: 0 }
    }
}
