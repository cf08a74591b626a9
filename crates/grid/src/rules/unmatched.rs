//! Warnings of rules that match nothing.

use std::collections::BTreeSet;

use protocol::params::nearest;

use crate::diagnostics::{Diagnostic, Sink};
use crate::grid::{Entries, Grid};

/// Warns of an `exclude` or a `when` that matches no combination; `keys` are the keys of all combinations.
pub(crate) fn warn_unmatched(grid: &Grid, rule: &str, condition: &Entries, keys: &BTreeSet<String>, sink: &mut Sink) {
    let unknown = condition.list.iter().find(|entry| !keys.contains(&entry.key));
    let help = match unknown {
        None => "compare its values with those of the axes; write several allowed values as a list".to_owned(),
        Some(entry) => {
            let near = nearest(&entry.key, keys.iter().map(String::as_str));
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            format!("no combination sets `{}`, and defaults are not matched{near}", entry.key)
        }
    };
    let span = unknown.map_or(condition.span, |entry| entry.key_span);
    sink.push(Diagnostic::warning(format!("this `{rule}` matches nothing")).at(&grid.source, span).help(help));
}
