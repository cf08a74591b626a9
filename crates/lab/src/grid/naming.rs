//! The label of every combination: as written, or the model and what varies.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::diagnostics::{Diagnostic, Sink};
use super::expand::Cell;
use super::label::{leaves, show, suffix};
use super::meaning::Grid;
use super::merge::ROOTS;
use super::written::Node;
use crate::Resolved;

/// A combination that the catalog accepts.
pub(crate) struct Candidate {
    /// The index of its cell.
    pub(crate) cell: usize,
    /// One item number per axis of the cell.
    pub(crate) choice: Vec<usize>,
    pub(crate) resolved: Resolved,
    pub(crate) label: String,
}

/// Labels every candidate. Default labels that clash get the settings in which they differ.
pub(crate) fn name(grid: &Grid, cells: &[Cell<'_>], candidates: &mut [Candidate], sink: &mut Sink) {
    let mut unnamed: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, candidate) in candidates.iter_mut().enumerate() {
        let cell = &cells[candidate.cell];
        let varying = || suffix(&cell.varying(&candidate.choice));
        candidate.label = match &cell.variant.label {
            None => {
                let label = format!("{}{}", candidate.resolved.model.name, varying());
                unnamed.entry(label.clone()).or_default().push(index);
                label
            }
            Some(label) => match label.value.plain() {
                Some(plain) => format!("{plain}{}", varying()),
                None => {
                    let settings = cell.settings(&candidate.choice).ok();
                    let lookup = |key: &str| lookup(key, settings.as_ref(), &candidate.resolved);
                    label.value.fill(lookup).unwrap_or_else(|key| {
                        sink.push(
                            Diagnostic::error(format!("`{{{key}}}` has no value here"))
                                .at(&grid.source, label.span)
                                .help("a placeholder is a key that the variant sets or has by default"),
                        );
                        // Distinct, so that no clash is told on top.
                        format!("{key} {index}")
                    })
                }
            },
        };
    }
    let mut clashes: Vec<_> = unnamed.into_values().filter(|group| group.len() > 1).collect();
    clashes.sort_unstable();
    for group in clashes {
        tell_apart(cells, candidates, &group);
    }
}

/// What `{key}` stands for: the setting as written, else as resolved.
fn lookup(key: &str, settings: Option<&Node>, resolved: &Resolved) -> Option<String> {
    let (root, path) = key.split_once('.').unwrap_or((key, ""));
    if path.is_empty() && root == "model" {
        return Some(resolved.model.name.clone());
    }
    if let Some(node) = settings?.find(key.split('.')) {
        return Some(show(&node.to_value()));
    }
    let spec = match root {
        "model" => resolved.model.config.clone(),
        "data" if path.is_empty() || path == "name" => resolved.data.name.clone().into(),
        "data" => resolved.data.config.clone(),
        "train" => serde_json::to_value(&resolved.train).ok()?,
        _ => return None,
    };
    let keys = path.split('.').filter(|key| !key.is_empty() && path != "name");
    let value = keys.fold(Some(&spec), |value, key| value.and_then(|value: &Value| value.get(key)))?;
    (!value.is_object()).then(|| show(value))
}

/// Adds to each label of a group the settings in which the group differs.
fn tell_apart(cells: &[Cell<'_>], candidates: &mut [Candidate], group: &[usize]) {
    let written: Vec<Vec<(String, String)>> = group
        .iter()
        .map(|index| {
            let candidate = &candidates[*index];
            let cell = &cells[candidate.cell];
            let mut pairs = Vec::new();
            if let Ok(settings) = cell.settings(&candidate.choice) {
                for root in ROOTS.into_iter().filter(|root| *root != "measure") {
                    settings.child(root).into_iter().for_each(|node| leaves(root, node, &mut pairs));
                }
            }
            pairs.push(("device".to_owned(), cell.device.to_owned()));
            pairs
        })
        .collect();
    let mut values: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (path, value) in written.iter().flatten() {
        values.entry(path).or_default().push(value);
    }
    let differs = |path: &str| {
        let values = &values[path];
        values.len() < group.len() || values.iter().any(|value| *value != values[0])
    };
    for (index, pairs) in group.iter().zip(&written) {
        let candidate = &mut candidates[*index];
        let mut shown = cells[candidate.cell].varying(&candidate.choice);
        let known: Vec<String> = shown.iter().map(|(path, _)| path.clone()).collect();
        shown.extend(pairs.iter().filter(|(path, _)| differs(path) && !known.contains(path)).cloned());
        candidate.label = format!("{}{}", candidate.resolved.model.name, suffix(&shown));
    }
}
