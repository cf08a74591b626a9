//! Reading of `compare`, the settings of the comparisons between variants.

use std::collections::BTreeMap;

use protocol::params::nearest;
use protocol::{Compare, Pairs};
use serde_json::Value;

use crate::diagnostics::{Diagnostic, Sink};
use crate::grid::{CompareCall, Grid, Spanned};
use crate::labelling::Candidate;
use crate::node::{Content, Entry, Node};
use crate::reader::{Reader, value_span};

const KEYS: [&str; 4] = ["baseline", "margin", "paired", "pairs"];

/// Reads the value of `compare` and reports every mistake.
pub(crate) fn read(reader: &mut Reader, entry: &Entry) -> CompareCall {
    let node = &entry.value;
    if node.entries().is_none() {
        reader.wrong(entry, "a block of settings", "compare: {baseline: nade}");
        return CompareCall::default();
    }
    reader.keys(node, &KEYS);
    let baseline = node.entry("baseline").map(|entry| baseline(reader, entry)).unwrap_or_default();
    let settings = Compare {
        baseline: baseline.iter().map(|label| label.value.clone()).collect(),
        margin: node.entry("margin").map(|entry| margin(reader, entry)).unwrap_or_default(),
        paired: node.entry("paired").is_some_and(|entry| paired(reader, entry)),
        pairs: node.entry("pairs").map(|entry| pairs(reader, entry)).unwrap_or_default(),
        interim: None,
    };
    if let (Pairs::All, Some(label)) = (settings.pairs, baseline.first()) {
        let help = "`pairs: all` compares every pair of variants; remove one of the two";
        reader.error(label.span, "`baseline` conflicts with `pairs: all`", help);
    }
    CompareCall { baseline, settings }
}

/// Reads a label, or a list of labels.
fn baseline(reader: &mut Reader, entry: &Entry) -> Vec<Spanned<String>> {
    let nodes = match entry.value.items() {
        Some(items) => items,
        None => std::slice::from_ref(&entry.value),
    };
    let mut labels: Vec<Spanned<String>> = Vec::new();
    for node in nodes {
        let Some(label) = label(node) else {
            let message = format!("a baseline must be the label of a variant, not {}", node.kind());
            let span = if nodes.len() == 1 { value_span(entry) } else { node.span };
            reader.error(span, message, "for example `baseline: nade hidden=100`");
            continue;
        };
        match labels.iter().find(|known| known.value == label) {
            Some(known) => {
                let message = format!("the baseline `{label}` is listed twice");
                reader.clash(node.span, message, "list it once", (known.span, "first listed here"));
            }
            None => labels.push(Spanned { span: node.span, value: label }),
        }
    }
    if nodes.is_empty() {
        reader.error(entry.value.span, "`baseline` is empty", "name a variant, or remove the key");
    }
    labels
}

fn label(node: &Node) -> Option<String> {
    node.text().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn margin(reader: &mut Reader, entry: &Entry) -> BTreeMap<String, f64> {
    let Some(entries) = entry.value.entries() else {
        reader.wrong(entry, "a block with a number for each figure", "margin: {nll: 0.1}");
        return BTreeMap::new();
    };
    let mut margins = BTreeMap::new();
    for entry in entries {
        let number = match &entry.value.content {
            Content::Scalar(Value::Number(number)) => number.as_f64(),
            _ => None,
        };
        match number {
            Some(number) if number > 0.0 && number.is_finite() => {
                margins.insert(entry.key.clone(), number);
            }
            Some(number) => {
                let message = format!("a margin must be above 0, not {number}");
                reader.error(entry.value.span, message, "a margin is the largest difference that does not matter");
            }
            None => reader.wrong(entry, "a number above 0", &format!("{}: 0.1", entry.key)),
        }
    }
    margins
}

fn paired(reader: &mut Reader, entry: &Entry) -> bool {
    if let Content::Scalar(Value::Bool(paired)) = entry.value.content {
        return paired;
    }
    reader.wrong(entry, "true or false", "paired: true");
    false
}

fn pairs(reader: &mut Reader, entry: &Entry) -> Pairs {
    match entry.value.text() {
        Some("baseline") => Pairs::Baseline,
        Some("all") => Pairs::All,
        Some(other) => {
            let near = nearest(other, ["baseline", "all"]).map(|near| format!("did you mean `{near}`? "));
            let help = format!("{}Allowed: baseline, all", near.unwrap_or_default());
            reader.error(entry.value.span, format!("`{other}` is not a value of `pairs`"), help);
            Pairs::default()
        }
        None => {
            reader.wrong(entry, "`baseline` or `all`", "pairs: all");
            Pairs::default()
        }
    }
}

/// Checks that each baseline is a variant, and the only baseline on its data set.
pub(crate) fn check(grid: &Grid, candidates: &[Candidate<'_>], sink: &mut Sink) {
    let mut known: Vec<(&Candidate<'_>, &Spanned<String>)> = Vec::new();
    for label in &grid.compare.baseline {
        let labels = candidates.iter().map(|candidate| candidate.label.as_str());
        let Some(found) = candidates.iter().find(|candidate| candidate.label == label.value) else {
            let help = match nearest(&label.value, labels.clone()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("labels of this grid: {}", labels.take(10).collect::<Vec<_>>().join(", ")),
            };
            let message = format!("the baseline `{}` is not a variant", label.value);
            sink.push(Diagnostic::error(message).at(&grid.source, label.span).help(help));
            continue;
        };
        if let Some((_, earlier)) = known.iter().find(|(other, _)| other.resolved.data.is_same(&found.resolved.data)) {
            let message = format!("two baselines for one data set: `{}` and `{}`", earlier.value, label.value);
            let one = Diagnostic::error(message).at(&grid.source, label.span).help("name one baseline per data set");
            sink.push(one.note(&grid.source, earlier.span, "first baseline"));
        }
        known.push((found, label));
    }
}
