//! Warnings of rules that match nothing.

use std::collections::BTreeSet;

use crate::diagnostics::{Diagnostic, Sink};
use crate::meaning::{Entries, Grid};
use protocol::params::nearest;

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
