//! Reading of `compare`, the settings of the comparisons between variants.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use protocol::params::nearest;
use protocol::{Compare, MeasureSpec, Pairs};
use serde_json::Value;

use crate::catalog::Catalog;
use crate::diagnostics::{Diagnostic, Sink};
use crate::grid::{CompareCall, FigureName, Grid, Spanned};
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
        let all = node.entry("pairs").map_or(entry.key_span, |entry| entry.value.span);
        let message = "`baseline` conflicts with `pairs: all`".to_owned();
        reader.clash(label.span, message, help, (all, "every pair"));
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
            let help = match node.content {
                Content::Scalar(Value::Number(_) | Value::Bool(_)) => {
                    format!("put it in quotes: `\"{}\"`", reader.source.slice(node.span))
                }
                _ => "for example `baseline: nade hidden=100`".to_owned(),
            };
            reader.error(span, message, help);
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
                let name = Spanned { span: entry.key_span, value: entry.key.clone() };
                reader.figures.push(FigureName { name, required: false });
            }
            Some(number) => {
                let message = format!("a margin must be above 0, not {number}");
                reader.error(entry.value.span, message, "a margin is the largest difference that does not matter");
            }
            None => {
                let example = reader.meant_number(entry.value.span).unwrap_or_else(|| "0.1".to_owned());
                reader.wrong(entry, "a number above 0", &format!("{}: {example}", entry.key));
            }
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

/// Checks that the measures of the variants have the figures that the grid names.
pub(crate) fn check_figures(grid: &Grid, candidates: &[Candidate<'_>], catalog: &dyn Catalog, sink: &mut Sink) {
    if grid.figures.is_empty() {
        return;
    }
    let mut seen: Vec<*const Vec<MeasureSpec>> = Vec::new();
    let mut known: BTreeSet<String> = BTreeSet::new();
    for candidate in candidates {
        let list = &candidate.resolved.measure;
        // Variants share equal lists.
        if !seen.contains(&Arc::as_ptr(list)) {
            seen.push(Arc::as_ptr(list));
            known.extend(list.iter().flat_map(|measure| catalog.figures(measure)));
        }
    }
    if known.is_empty() {
        return;
    }
    for FigureName { name: Spanned { span, value: name }, required } in &grid.figures {
        // A measure may have further figures of parts that depend on the data, such as `mig_scale` beside `mig`.
        let is_part = |known: &String| name.strip_prefix(known.as_str()).is_some_and(|rest| rest.starts_with('_'));
        if known.contains(name) || known.iter().any(is_part) {
            continue;
        }
        let message = format!("no measure of this grid has the figure `{name}`");
        let near = nearest(name, known.iter().map(String::as_str));
        let one = match near.is_some() || *required {
            true => Diagnostic::error(message),
            false => Diagnostic::warning(message),
        };
        let list = known.iter().take(30).map(String::as_str).collect::<Vec<_>>().join(", ");
        let help = match near {
            Some(near) => format!("did you mean `{near}`? Figures: {list}"),
            None => format!("figures: {list}"),
        };
        sink.push(one.at(&grid.source, *span).help(help));
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
