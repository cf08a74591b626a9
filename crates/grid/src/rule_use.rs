//! The effect of a rule on the combinations, for `genbench plan`.

use std::sync::Arc;

use serde::Serialize;

use crate::diagnostics::Location;
use crate::node::Entry;
use crate::source::{Source, Span};

/// The effect of one `exclude`, `when` or entry of `include`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleUse {
    /// `exclude`, `when` or `include`.
    pub rule: &'static str,
    /// Its location in the file.
    #[serde(flatten)]
    pub location: Location,
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
        let location = Location::new(source, span);
        Self { rule, location, text: pairs.join(", "), removed: 0, extended: 0, added: 0 }
    }
}
