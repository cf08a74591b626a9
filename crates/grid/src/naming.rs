//! The label of every combination: as written, or the model and what varies.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

use crate::catalog::Resolved;
use crate::diagnostics::{Diagnostic, Sink};
use crate::expand::{Cell, Choice};
use crate::label::{leaves, show, suffix};
use crate::meaning::Grid;
use crate::written::Node;

/// A combination that the catalog accepts.
pub(crate) struct Candidate<'g> {
    /// The index of its cell.
    pub(crate) cell: usize,
    pub(crate) choice: Choice<'g>,
    pub(crate) resolved: Resolved,
    pub(crate) label: String,
}

/// Labels every candidate. Default labels that clash get the settings that tell them apart.
pub(crate) fn name(grid: &Grid, cells: &[Cell<'_>], candidates: &mut [Candidate<'_>], sink: &mut Sink) {
    for (index, candidate) in candidates.iter_mut().enumerate() {
        let cell = &cells[candidate.cell];
        let varying = || suffix(&cell.varying(&candidate.choice));
        candidate.label = match &cell.variant.label {
            None => format!("{}{}", candidate.resolved.model.name, varying()),
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
    for group in clashes(cells, candidates) {
        tell_apart(cells, candidates, &group);
    }
}

/// The groups of default labels that are the same, in the order of the grid.
fn clashes(cells: &[Cell<'_>], candidates: &[Candidate<'_>]) -> Vec<Vec<usize>> {
    let mut first: HashMap<&str, usize> = HashMap::with_capacity(candidates.len());
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, candidate) in candidates.iter().enumerate() {
        if cells[candidate.cell].variant.label.is_none() {
            let earlier = *first.entry(&candidate.label).or_insert(index);
            if earlier < index {
                groups.entry(earlier).or_insert_with(|| vec![earlier]).push(index);
            }
        }
    }
    groups.into_values().collect()
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
    let mut keys = path.split('.').filter(|key| !key.is_empty() && path != "name");
    let value = keys.try_fold(&spec, |value: &Value, key| value.get(key))?;
    (!value.is_object()).then(|| show(value))
}

/// Adds to the labels of a group the settings that tell them apart, as few as the order of the
/// file allows.
fn tell_apart(cells: &[Cell<'_>], candidates: &mut [Candidate<'_>], group: &[usize]) {
    let written: Vec<_> = group.iter().map(|index| written(cells, &candidates[*index])).collect();
    let varying: Vec<_> =
        group.iter().map(|index| cells[candidates[*index].cell].varying(&candidates[*index].choice)).collect();
    let mut keys: Vec<&str> = Vec::new();
    let mut seen: HashSet<&str> = HashSet::new();
    for (key, _) in written.iter().flatten() {
        if seen.insert(key) {
            keys.push(key);
        }
    }
    // What the labels show so far; those that look the same are yet to be told apart.
    let mut looks: Vec<Vec<Option<&str>>> = vec![Vec::new(); group.len()];
    let mut chosen: Vec<&str> = Vec::new();
    for key in keys {
        let with: Vec<Vec<_>> = looks
            .iter()
            .zip(&written)
            .map(|(look, pairs)| {
                let value = pairs.iter().find(|(path, _)| path == key).map(|(_, value)| value.as_str());
                look.iter().copied().chain([value]).collect()
            })
            .collect();
        if distinct(&with) > distinct(&looks) {
            chosen.push(key);
            looks = with;
        }
    }
    for ((index, pairs), mut shown) in group.iter().zip(&written).zip(varying) {
        shown.extend(pairs.iter().filter(|(path, _)| chosen.contains(&path.as_str())).cloned());
        candidates[*index].label = format!("{}{}", candidates[*index].resolved.model.name, suffix(&shown));
    }
}

fn distinct(looks: &[Vec<Option<&str>>]) -> usize {
    looks.iter().collect::<HashSet<_>>().len()
}

/// What a candidate sets that belongs to its identity, without what its label shows already.
fn written(cells: &[Cell<'_>], candidate: &Candidate<'_>) -> Vec<(String, String)> {
    let cell = &cells[candidate.cell];
    let mut pairs = Vec::new();
    if let Ok(settings) = cell.settings(&candidate.choice) {
        for root in ["model", "data", "train"] {
            settings.child(root).into_iter().for_each(|node| leaves(root, node, &mut pairs));
        }
    }
    pairs.push(("device".to_owned(), cell.device.to_owned()));
    let shown = cell.varying(&candidate.choice);
    pairs.retain(|(path, _)| shown.iter().all(|(known, _)| known != path));
    pairs
}
