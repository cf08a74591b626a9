//! The block `seeds: {until_decided: {cap: 16, interim: [4, 8], by: nll}}`.

use protocol::InterimAnalyses;
use serde_json::Value;

use crate::meaning::{At, Grid, Layer};
use crate::reader::Reader;
use crate::written::{Entry, Node, Written};

/// More seeds than this, for each variant, are refused.
const MAX_CAP: u64 = 10_000;

/// Reads the block at `seeds`.
pub(super) fn read(reader: &mut Reader, entry: &Entry) -> Option<At<InterimAnalyses>> {
    reader.keys(&entry.value, &["until_decided"]);
    let Some(inner) = entry.value.entry("until_decided") else {
        let help = "write such as `seeds: {until_decided: {cap: 16}}`, or a count";
        reader.tell(entry.value.span, "`seeds` as a block has `until_decided`", help);
        return None;
    };
    if inner.value.entries().is_none() {
        reader.wrong(inner, "a block with a `cap`", "until_decided: {cap: 16, interim: [4, 8]}");
        return None;
    }
    reader.renamed_key(&inner.value, "looks", "interim");
    reader.keys_or_old_names(&inner.value, &["cap", "interim", "by"], &["looks"]);
    let Some(cap) = inner.value.entry("cap") else {
        reader.tell(inner.key_span, "`until_decided` without a `cap`", "say how many seeds there are at most");
        return None;
    };
    let by = inner.value.entry("by").map(|by| figures(reader, by)).unwrap_or_default();
    let cap_at = count(reader, &cap.value, "a cap")?;
    let interim = inner.value.entry("interim").or_else(|| inner.value.entry("looks"));
    let mut at = match interim {
        Some(interim) => listed(reader, interim, cap_at)?,
        None => [cap_at.div_ceil(4), cap_at.div_ceil(2)].into(),
    };
    at.retain(|seeds| *seeds > 1 && *seeds < cap_at);
    at.dedup();
    at.push(cap_at);
    Some(At { span: entry.value.span, value: InterimAnalyses { at, by } })
}

/// A whole number of seeds, at least two: fewer have no spread.
fn count(reader: &mut Reader, node: &Node, what: &str) -> Option<usize> {
    let found = match &node.written {
        Written::Scalar(Value::Number(number)) => number.as_u64(),
        _ => None,
    };
    if let Some(count) = found.filter(|count| (2..=MAX_CAP).contains(count)) {
        return usize::try_from(count).ok();
    }
    let shown = match &node.written {
        Written::Scalar(Value::Number(number)) => number.to_string(),
        _ => node.kind().to_owned(),
    };
    reader.tell(node.span, format!("{what} is a number of seeds, not {shown}"), format!("between 2 and {MAX_CAP}"));
    None
}

/// Increasing numbers of seeds, none above the cap.
fn listed(reader: &mut Reader, interim: &Entry, cap: usize) -> Option<Vec<usize>> {
    let Some(items) = interim.value.items().filter(|items| !items.is_empty()) else {
        reader.wrong(interim, "a list of numbers of seeds", "interim: [4, 8]");
        return None;
    };
    let mut at: Vec<usize> = Vec::new();
    for item in items {
        let seeds = count(reader, item, "an interim analysis")?;
        if at.last().is_some_and(|last| *last >= seeds) {
            reader.tell(
                item.span,
                format!("the interim analysis at {seeds} seeds follows one at as many or more"),
                "list the numbers of seeds in increasing order",
            );
            return None;
        }
        if seeds > cap {
            let message = format!("the interim analysis at {seeds} seeds is above the cap of {cap}");
            reader.tell(item.span, message, "raise `cap`, or remove this number");
            return None;
        }
        at.push(seeds);
    }
    Some(at)
}

/// A figure's name, or several.
fn figures(reader: &mut Reader, by: &Entry) -> Vec<String> {
    let nodes = by.value.items().unwrap_or(std::slice::from_ref(&by.value));
    let names: Vec<String> = nodes.iter().filter_map(|node| node.text().map(str::to_owned)).collect();
    if names.len() < nodes.len() || names.is_empty() {
        reader.wrong(by, "a figure's name, or a list of them", "by: nll");
    }
    names
}

/// Refuses `until_decided` below the top level, and other counts of seeds beside it.
pub(super) fn check(reader: &mut Reader, grid: &Grid) {
    let blocks = grid.blocks.iter().map(|block| &block.layer);
    let variants = grid.blocks.iter().flat_map(|block| block.variants.iter().map(|variant| &variant.layer));
    for Layer { interim, seeds, .. } in blocks.chain(variants) {
        if let Some(interim) = interim {
            let help = "variants that are compared share their interim analyses; move it to the top level";
            reader.tell(interim.span, "`until_decided` is allowed at the top level only", help);
        } else if let (Some(top), Some(seeds)) = (&grid.base.interim, seeds) {
            let help = "remove one of the two";
            let message = "`seeds` conflicts with `until_decided` at the top level".to_owned();
            reader.clash(seeds.span, message, help, (top.span, "until decided"));
        }
    }
}
