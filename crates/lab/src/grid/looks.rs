//! `seeds: {until_decided: {cap: 16, looks: [4, 8], by: nll}}`.

use serde_json::Value;

use super::meaning::{At, Grid, Layer};
use super::reader::Reader;
use super::written::{Entry, Node, Written};
use crate::Looks;

/// More seeds than this, for each variant, are refused.
const MAX_CAP: u64 = 10_000;

/// Reads the block at `seeds`.
pub(super) fn read(reader: &mut Reader, entry: &Entry) -> Option<At<Looks>> {
    reader.keys(&entry.value, &["until_decided"]);
    let Some(inner) = entry.value.entry("until_decided") else {
        let help = "write such as `seeds: {until_decided: {cap: 16}}`, or a count";
        reader.tell(entry.value.span, "`seeds` as a block has `until_decided`", help);
        return None;
    };
    if inner.value.entries().is_none() {
        reader.wrong(inner, "a block with a `cap`", "until_decided: {cap: 16, looks: [4, 8]}");
        return None;
    }
    reader.keys(&inner.value, &["cap", "looks", "by"]);
    let Some(cap) = inner.value.entry("cap") else {
        reader.tell(inner.key_span, "`until_decided` without a `cap`", "say how many seeds there are at most");
        return None;
    };
    let by = inner.value.entry("by").map(|by| figures(reader, by)).unwrap_or_default();
    let cap_at = count(reader, &cap.value, "a cap")?;
    let mut at = match inner.value.entry("looks") {
        Some(looks) => listed(reader, looks, cap_at)?,
        None => [cap_at.div_ceil(4), cap_at.div_ceil(2)].into(),
    };
    at.retain(|seeds| *seeds > 1 && *seeds < cap_at);
    at.dedup();
    at.push(cap_at);
    Some(At { span: entry.value.span, value: Looks { at, by } })
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

/// Growing numbers of seeds, none above the cap.
fn listed(reader: &mut Reader, looks: &Entry, cap: usize) -> Option<Vec<usize>> {
    let Some(items) = looks.value.items().filter(|items| !items.is_empty()) else {
        reader.wrong(looks, "a list of numbers of seeds", "looks: [4, 8]");
        return None;
    };
    let mut at: Vec<usize> = Vec::new();
    for item in items {
        let seeds = count(reader, item, "a look")?;
        if at.last().is_some_and(|last| *last >= seeds) {
            reader.tell(
                item.span,
                format!("a look at {seeds} seeds comes after one at as many or more"),
                "let them grow",
            );
            return None;
        }
        if seeds > cap {
            let message = format!("a look at {seeds} seeds, where {cap} are the most");
            reader.tell(item.span, message, "raise the `cap`, or leave out the look");
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

/// The looks are the same for all: they stand at the top, and nothing else counts seeds.
pub(super) fn check(reader: &mut Reader, grid: &Grid) {
    let blocks = grid.blocks.iter().map(|block| &block.layer);
    let variants = grid.blocks.iter().flat_map(|block| block.variants.iter().map(|variant| &variant.layer));
    for Layer { looks, seeds, .. } in blocks.chain(variants) {
        if let Some(looks) = looks {
            let help = "two variants that are compared are looked at together";
            reader.tell(looks.span, "`until_decided` stands at the top level alone", help);
        } else if let (Some(top), Some(seeds)) = (&grid.base.looks, seeds) {
            let help = "leave out one of the two";
            let message = "`seeds` of its own, where all variants have seeds until they are decided".to_owned();
            reader.clash(seeds.span, message, help, (top.span, "until decided"));
        }
    }
}
