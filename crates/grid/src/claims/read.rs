//! Reading of the block `claims`: a statement for each name.

use std::collections::HashMap;

use protocol::text::escape;

use super::parser::parse;
use super::source_map::SourceMap;
use crate::grid::{ClaimCall, Spanned};
use crate::node::{Entry, Node};
use crate::reader::{Reader, value_span};
use crate::source::Span;

/// Reads the claims of a level and reports every mistake. `block` is the section and the span of a block.
pub(crate) fn read(reader: &mut Reader, node: &Node, block: Option<(Option<&str>, Span)>) -> Vec<ClaimCall> {
    let Some(entry) = node.entry("claims") else { return Vec::new() };
    let Some(entries) = entry.value.entries() else {
        let span = value_span(entry);
        let message = format!("`claims` takes a block with a statement for each name, not {}", entry.value.kind());
        reader.error(span, message, "for example `claims: {NADE beats MADE: nade.nll < made.nll}`");
        return Vec::new();
    };
    if entries.is_empty() {
        reader.error(value_span(entry), "`claims` is empty", "add a claim, or remove the key");
    }
    entries.iter().filter_map(|entry| claim(reader, entry, block)).collect()
}

fn claim(reader: &mut Reader, entry: &Entry, block: Option<(Option<&str>, Span)>) -> Option<ClaimCall> {
    let is_named = !entry.key.trim().is_empty() && !entry.key.chars().any(escape::hidden);
    if !is_named {
        let help = "write one line of visible characters";
        reader.error(entry.key_span, format!("`{}` cannot be the name of a claim", entry.key.escape_debug()), help);
    }
    let Some(text) = entry.value.text().filter(|text| !text.trim().is_empty()) else {
        let message = format!("a claim must be a statement, not {}", entry.value.kind());
        reader.error(value_span(entry), message, "for example `nade.nll < made.nll - 0.1`");
        return None;
    };
    let map = SourceMap::of(&reader.source, &entry.value, text);
    match parse(text) {
        Ok(parsed) => Some(ClaimCall {
            name: Spanned { span: entry.key_span, value: entry.key.clone() },
            block: block.map(|(section, span)| (section.map(str::to_owned), span)),
            statement: parsed.statement,
            leaves: parsed.leaves.into_iter().map(|spans| spans.map(|span| map.span(span))).collect(),
        })
        .filter(|_| is_named),
        Err(mistake) => {
            reader.error(map.span(mistake.span), mistake.message, mistake.help);
            None
        }
    }
}

/// Refuses two claims of one name.
pub(crate) fn refuse_duplicates(reader: &mut Reader, claims: &[ClaimCall]) {
    let mut known: HashMap<&str, Span> = HashMap::new();
    for ClaimCall { name, .. } in claims {
        if let Some(earlier) = known.insert(&name.value, name.span) {
            let message = format!("two claims have the name `{}`", name.value);
            reader.clash(name.span, message, "rename one of them", (earlier, "first claim"));
        }
    }
}
