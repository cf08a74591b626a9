//! Labels of the combinations: as given in the grid, or the model with the settings that vary.

use std::collections::{BTreeMap, HashMap, HashSet};

use protocol::text::portable_tail;
use serde_json::Value;

use crate::catalog::Resolved;
use crate::diagnostics::{Diagnostic, Sink};
use crate::expand::{Cell, Choice};
use crate::grid::Grid;
use crate::label_template::{leaves, show, suffix};
use crate::node::Node;

/// Largest number of components of a path in a label.
const DEEPEST: usize = 16;

/// A combination that the catalog accepts.
pub(crate) struct Candidate<'g> {
    /// Index of its cell.
    pub(crate) cell: usize,
    pub(crate) choice: Choice<'g>,
    pub(crate) resolved: Resolved,
    pub(crate) label: String,
}

/// Labels every candidate. Equal default labels get the settings that distinguish them.
pub(crate) fn name(grid: &Grid, cells: &[Cell<'_>], candidates: &mut [Candidate<'_>], sink: &mut Sink) {
    for (index, candidate) in candidates.iter_mut().enumerate() {
        let cell = &cells[candidate.cell];
        candidate.label = match &cell.variant.label {
            Some(label) if label.value.plain().is_none() => {
                let settings = cell.settings(&candidate.choice).ok();
                let lookup = |key: &str| lookup(key, settings.as_ref(), &candidate.resolved);
                label.value.fill(lookup).unwrap_or_else(|key| {
                    sink.push(
                        Diagnostic::error(format!("`{{{key}}}` has no value here"))
                            .at(&grid.source, label.span)
                            .help("use a key that the variant sets or that has a default"),
                    );
                    // A distinct label, so that no duplicate is reported in addition.
                    format!("{key} {index}")
                })
            }
            _ => short_label(cell, candidate),
        };
    }
    for group in duplicates(cells, candidates) {
        distinguish(cells, candidates, &group);
    }
    shorten(cells, candidates);
}

/// Label without a template: the name and the settings that vary within the cell. Other cells may have the same.
pub(crate) fn short_label(cell: &Cell<'_>, candidate: &Candidate<'_>) -> String {
    let plain = cell.variant.label.as_ref().and_then(|label| label.value.plain());
    let name = plain.unwrap_or(&candidate.resolved.model.name);
    format!("{name}{}", suffix(&cell.varying(&candidate.choice)))
}

/// Shortens absolute paths in labels to their last components: as few as keep all labels apart. Text that the grid itself
/// has as a label stays.
fn shorten(cells: &[Cell<'_>], candidates: &mut [Candidate<'_>]) {
    let plain = |one: &Candidate<'_>| cells[one.cell].variant.label.as_ref().and_then(|label| label.value.plain());
    let short = |kept: usize| -> Vec<String> {
        let of = |one: &Candidate<'_>| match plain(one) {
            Some(text) => format!("{text}{}", portable_tail(&one.label[text.len()..], kept)),
            None => portable_tail(&one.label, kept),
        };
        candidates.iter().map(of).collect()
    };
    let count = |labels: &mut dyn Iterator<Item = &str>| labels.collect::<HashSet<_>>().len();
    let wanted = count(&mut candidates.iter().map(|one| one.label.as_str()));
    let apart = |labels: &Vec<String>| count(&mut labels.iter().map(String::as_str)) == wanted;
    if let Some(labels) = (1..=DEEPEST).map(short).find(apart) {
        candidates.iter_mut().zip(labels).for_each(|(one, label)| one.label = label);
    }
}

/// Groups of candidates with equal default labels, in the order of the grid.
fn duplicates(cells: &[Cell<'_>], candidates: &[Candidate<'_>]) -> Vec<Vec<usize>> {
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

/// Value of the placeholder `{key}`: the setting in the grid, else the resolved one.
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

/// Adds to the labels of a group the settings that distinguish them: those that split the group further, tested in the
/// order of the file.
fn distinguish(cells: &[Cell<'_>], candidates: &mut [Candidate<'_>], group: &[usize]) {
    let settings: Vec<_> = group.iter().map(|index| identity(cells, &candidates[*index])).collect();
    let varying: Vec<_> =
        group.iter().map(|index| cells[candidates[*index].cell].varying(&candidates[*index].choice)).collect();
    let mut keys: Vec<&str> = Vec::new();
    let mut seen: HashSet<&str> = HashSet::new();
    for (key, _) in settings.iter().flatten() {
        if seen.insert(key) {
            keys.push(key);
        }
    }
    // Values shown by each label so far.
    let mut shown_values: Vec<Vec<Option<&str>>> = vec![Vec::new(); group.len()];
    let mut chosen: Vec<&str> = Vec::new();
    for key in keys {
        let with: Vec<Vec<_>> = shown_values
            .iter()
            .zip(&settings)
            .map(|(values, pairs)| {
                let value = pairs.iter().find(|(path, _)| path == key).map(|(_, value)| value.as_str());
                values.iter().copied().chain([value]).collect()
            })
            .collect();
        if distinct(&with) > distinct(&shown_values) {
            chosen.push(key);
            shown_values = with;
        }
    }
    for ((index, pairs), mut shown) in group.iter().zip(&settings).zip(varying) {
        shown.extend(pairs.iter().filter(|(path, _)| chosen.contains(&path.as_str())).cloned());
        candidates[*index].label = format!("{}{}", candidates[*index].resolved.model.name, suffix(&shown));
    }
}

fn distinct(labels: &[Vec<Option<&str>>]) -> usize {
    labels.iter().collect::<HashSet<_>>().len()
}

/// Settings of a candidate that are part of its identity and not yet in its label.
fn identity(cells: &[Cell<'_>], candidate: &Candidate<'_>) -> Vec<(String, String)> {
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
