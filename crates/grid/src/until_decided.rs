//! Reading of the block `seeds: {until_decided: {cap: 16, interim: [4, 8], by: nll}}`.

use protocol::InterimAnalyses;
use serde_json::Value;

use crate::grid::{FigureName, Grid, Layer, Spanned};
use crate::node::{Content, Entry, Node};
use crate::reader::Reader;

/// Largest cap: seeds of each variant.
const MAX_CAP: u64 = 10_000;

/// Seeds of the first analysis with `any_time`: two differences show too little spread for any verdict.
const FIRST_AT_ANY_TIME: usize = 3;

/// Reads the block at `seeds`.
pub(super) fn read(reader: &mut Reader, entry: &Entry) -> Option<Spanned<InterimAnalyses>> {
    reader.keys(&entry.value, &["until_decided"]);
    let Some(inner) = entry.value.entry("until_decided") else {
        let help = "for example `seeds: {until_decided: {cap: 16}}`, or a number of seeds";
        reader.error(entry.value.span, "a block at `seeds` needs the key `until_decided`", help);
        return None;
    };
    if inner.value.entries().is_none() {
        reader.wrong(inner, "a block with a `cap`", "until_decided: {cap: 16, interim: [4, 8]}");
        return None;
    }
    reader.renamed_key(&inner.value, "looks", "interim");
    reader.keys_or_old_names(&inner.value, &["cap", "interim", "any_time", "by"], &["looks"]);
    let Some(cap) = inner.value.entry("cap") else {
        reader.error(
            inner.key_span,
            "`until_decided` has no `cap`",
            "add the largest number of seeds, such as `cap: 16`",
        );
        return None;
    };
    let by = inner.value.entry("by").map(|by| figures(reader, by)).unwrap_or_default();
    let cap_at = count(reader, &cap.value, "a cap")?;
    let interim = inner.value.entry("interim").or_else(|| inner.value.entry("looks"));
    let any_time = inner.value.entry("any_time").map_or(Some(false), |entry| is_any_time(reader, entry))?;
    let mut at = match interim {
        Some(interim) if any_time => {
            let help = "with `any_time`, an analysis follows every seed from the third; remove `interim` or `any_time`";
            reader.error(interim.key_span, "`interim` conflicts with `any_time: true`", help);
            return None;
        }
        None if any_time && cap_at < FIRST_AT_ANY_TIME => {
            let message = format!("a cap of {cap_at} seeds is too small for `any_time`");
            reader.error(cap.value.span, message, "allowed with `any_time`: 3 or more");
            return None;
        }
        None if any_time => (FIRST_AT_ANY_TIME..cap_at).collect(),
        Some(interim) => listed(reader, interim, cap_at)?,
        None => [cap_at.div_ceil(4), cap_at.div_ceil(2)].into(),
    };
    at.retain(|seeds| *seeds > 1 && *seeds < cap_at);
    at.dedup();
    at.push(cap_at);
    Some(Spanned { span: entry.value.span, value: InterimAnalyses { at, by, any_time } })
}

/// Reads whether an analysis follows every seed.
fn is_any_time(reader: &mut Reader, entry: &Entry) -> Option<bool> {
    if let Content::Scalar(Value::Bool(any_time)) = &entry.value.content {
        return Some(*any_time);
    }
    reader.wrong(entry, "true or false", "any_time: true");
    None
}

/// Reads a number of seeds, at least two: one seed has no variance.
fn count(reader: &mut Reader, node: &Node, what: &str) -> Option<usize> {
    let found = match &node.content {
        Content::Scalar(Value::Number(number)) => number.as_u64(),
        _ => None,
    };
    if let Some(count) = found.filter(|count| (2..=MAX_CAP).contains(count)) {
        return usize::try_from(count).ok();
    }
    let message = match &node.content {
        Content::Scalar(Value::Number(number)) if !number.is_f64() => {
            format!("{what} of {number} seeds is out of range")
        }
        _ => format!("{what} must be a number of seeds, not {}", node.kind()),
    };
    let meant = reader.meant_whole(node.span).filter(|_| found.is_none());
    let meant = meant.map(|number| format!("write `{number}`; ")).unwrap_or_default();
    reader.error(node.span, message, format!("{meant}allowed: 2 to {MAX_CAP}"));
    None
}

/// Reads increasing numbers of seeds, none above the cap.
fn listed(reader: &mut Reader, interim: &Entry, cap: usize) -> Option<Vec<usize>> {
    let Some(items) = interim.value.items().filter(|items| !items.is_empty()) else {
        reader.wrong(interim, "a list of numbers of seeds", "interim: [4, 8]");
        return None;
    };
    let mut at: Vec<usize> = Vec::new();
    for item in items {
        let seeds = count(reader, item, "an interim analysis")?;
        if at.last().is_some_and(|last| *last >= seeds) {
            reader.error(
                item.span,
                format!("the interim analysis at {seeds} seeds is not in increasing order"),
                "list the numbers of seeds in increasing order, each once",
            );
            return None;
        }
        if seeds > cap {
            let message = format!("the interim analysis at {seeds} seeds is above the cap of {cap}");
            reader.error(item.span, message, "raise `cap`, or remove this number");
            return None;
        }
        at.push(seeds);
    }
    Some(at)
}

/// Reads the name of a figure, or a list of names.
fn figures(reader: &mut Reader, by: &Entry) -> Vec<String> {
    let nodes = by.value.items().unwrap_or(std::slice::from_ref(&by.value));
    let names: Vec<String> = nodes.iter().filter_map(|node| node.text().map(str::to_owned)).collect();
    let named = |node: &Node| Some(Spanned { span: node.span, value: node.text()?.to_owned() });
    reader.figures.extend(nodes.iter().filter_map(named).map(|name| FigureName { name, required: true }));
    if names.len() < nodes.len() || names.is_empty() {
        reader.wrong(by, "the name of a figure, or a list of names", "by: nll");
    }
    names
}

/// Refuses `until_decided` below the top level, and `seeds` of a block or variant together with it.
pub(super) fn check(reader: &mut Reader, grid: &Grid) {
    let blocks = grid.blocks.iter().map(|block| &block.layer);
    let variants = grid.blocks.iter().flat_map(|block| block.variants.iter().map(|variant| &variant.layer));
    for Layer { interim, seeds, .. } in blocks.chain(variants) {
        if let Some(interim) = interim {
            let help = "variants that are compared share their interim analyses; move it to the top level";
            reader.error(interim.span, "`until_decided` is allowed at the top level only", help);
        } else if let (Some(top), Some(seeds)) = (&grid.base.interim, seeds) {
            let help = "remove one of the two";
            let message = "`seeds` conflicts with `until_decided` at the top level".to_owned();
            reader.clash(seeds.span, message, help, (top.span, "until decided"));
        }
    }
}
