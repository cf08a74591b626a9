//! What a rule did, for `genbench plan`, and warnings of rules that did nothing or too much.

use std::collections::BTreeSet;

use protocol::params::nearest;
use serde::Serialize;

use crate::diagnostics::{Diagnostic, Place, Sink};
use crate::meaning::{Entries, Grid};

/// What one `exclude`, `when` or entry of `include` did to the combinations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleUse {
    /// `exclude`, `when` or `include`.
    pub rule: &'static str,
    /// Where it stands.
    #[serde(flatten)]
    pub place: Place,
    /// How it is written.
    pub text: String,
    /// Combinations, each with all of its seeds, that it left out.
    pub removed: usize,
    /// Combinations that it gave more settings.
    pub extended: usize,
    /// Combinations that it made.
    pub added: usize,
}

impl RuleUse {
    pub(crate) fn new(grid: &Grid, rule: &'static str, asked: &Entries) -> Self {
        let place = Place::new(&grid.source, asked.span);
        let pairs: Vec<_> =
            asked.list.iter().map(|entry| format!("{}: {}", entry.key, entry.value.to_value())).collect();
        Self { rule, place, text: pairs.join(", "), removed: 0, extended: 0, added: 0 }
    }
}

/// Warns of an `exclude` or a `when` that fits no combination; `written` are the keys that stood
/// in the combinations.
pub(crate) fn tell_unmatched(grid: &Grid, rule: &str, asked: &Entries, written: &BTreeSet<String>, sink: &mut Sink) {
    let strange = asked.list.iter().find(|entry| !written.contains(&entry.key));
    let help = match strange {
        None => {
            "compare its values with those of the axes; a value that is one of several is written as a list".to_owned()
        }
        Some(entry) => {
            let near = nearest(&entry.key, written.iter().map(String::as_str));
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            format!("no combination has `{}` written, and defaults do not count{near}", entry.key)
        }
    };
    let span = strange.map_or(asked.span, |entry| entry.key_span);
    sink.push(Diagnostic::warning(format!("this `{rule}` matches nothing")).at(&grid.source, span).help(help));
}
