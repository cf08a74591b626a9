//! Inputs that differ between two runs.

use std::collections::BTreeSet;

use serde::Serialize;

use super::pair::Common;
use crate::gate::{Baseline, BaselineVariant, input_changes, measure_changes};
use crate::results::Results;

/// An input that differs, with the variants in which it does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InputChange {
    /// The input with both values, such as `train.epochs: 20 -> 40`.
    pub change: String,
    /// Labels of the variants in the other run; `None` for all of the run.
    pub variants: Option<Vec<String>>,
}

/// Data of a variant that have other bytes in the two runs.
pub(super) struct ContentChange {
    pub(super) variant: String,
    hashes: [String; 2],
}

impl ContentChange {
    pub(super) fn text(&self) -> String {
        format!("data content: {} -> {}", self.hashes[0], self.hashes[1])
    }
}

/// Variants whose outcomes recorded other data.
pub(super) fn content_changes(runs: [&Results; 2], common: &[Common<'_>]) -> Vec<ContentChange> {
    let change = |one: &Common<'_>| {
        let labels = [one.first, one.finding.variant.as_str()];
        let hashes = [0, 1].map(|at| content(runs[at], labels[at]));
        let differs = hashes[0] != hashes[1] && hashes.iter().all(|hashes| !hashes.is_empty());
        differs.then(|| ContentChange {
            variant: one.finding.variant.clone(),
            hashes: hashes.map(|hashes| hashes.into_iter().collect::<Vec<_>>().join(" + ")),
        })
    };
    common.iter().filter_map(change).collect()
}

/// Starts of the hashes of the data that the trials of a variant loaded.
fn content(results: &Results, label: &str) -> BTreeSet<String> {
    let of_variant = results.records().iter().filter(|record| record.trial.variant == label);
    let facts = of_variant.filter_map(|record| record.outcome.as_ref()?.data.as_ref());
    facts.map(|facts| facts.sha256.chars().take(12).collect()).collect()
}

/// Inputs of the runs, then those of their variants. Inputs that differ in the same way are listed once.
pub(super) fn inputs(
    runs: [&Results; 2],
    baselines: [&Baseline; 2],
    common: &[Common<'_>],
    content: &[ContentChange],
) -> Vec<InputChange> {
    let whole = |change: String| InputChange { change, variants: None };
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    let mut add = |change: String, variant: &str| match found.iter_mut().find(|(known, _)| *known == change) {
        Some((_, variants)) => variants.push(variant.to_owned()),
        None => found.push((change, vec![variant.to_owned()])),
    };
    for one in common {
        let label = &one.finding.variant;
        let variant =
            |at: usize, label: &str| baselines[at].variants.iter().find(|known| known.trial.variant == *label);
        let (Some(before), Some(after)) = (variant(0, one.first), variant(1, label)) else { continue };
        let changes = input_changes(&before.trial, &after.trial);
        let measures = measure_changes(&before.trial, &after.trial);
        changes.into_iter().chain(measures).chain(seeds(before, after)).for_each(|change| add(change, label));
        content.iter().filter(|change| change.variant == *label).for_each(|change| add(change.text(), label));
    }
    let of_variants = found.into_iter().map(|(change, variants)| {
        let is_of_all = variants.len() == common.len();
        InputChange { change, variants: (!is_of_all).then_some(variants) }
    });
    of_runs(runs, baselines).into_iter().map(whole).chain(of_variants).collect()
}

/// Grid, build and machine, if they differ.
fn of_runs(runs: [&Results; 2], baselines: [&Baseline; 2]) -> Vec<String> {
    let differing =
        |what: &str, [first, other]: [String; 2]| (first != other).then(|| format!("{what}: {first} -> {other}"));
    let each = |of: fn(&Baseline) -> String| [of(baselines[0]), of(baselines[1])];
    let machines = each(|run| run.machine.to_string());
    let all = [differing("grid", each(|run| run.grid.clone())), build(runs, baselines), differing("machine", machines)];
    all.into_iter().flatten().collect()
}

/// The builds, if they differ, and whether the code that computes figures differs.
fn build(runs: [&Results; 2], baselines: [&Baseline; 2]) -> Option<String> {
    let [first, other] = [0, 1].map(|at| code(runs[at]));
    let made_by = [0, 1].map(|at| baselines[at].made_by());
    let is_known = !first.is_empty() && !other.is_empty() && !first.contains("") && !other.contains("");
    let code = match (is_known, first == other) {
        (true, true) => "with the same code for data, models and measures",
        (true, false) => "with other code for data, models or measures",
        (false, _) => "with unknown code",
    };
    match made_by[0] == made_by[1] {
        true if first == other => None,
        true => Some(format!("build: {} in both, {code}", made_by[0])),
        false => Some(format!("build: {} -> {}, {code}", made_by[0], made_by[1])),
    }
}

/// Hashes of the code that made the outcomes.
fn code(results: &Results) -> BTreeSet<String> {
    let outcomes = results.records().iter().filter_map(|record| record.outcome.as_ref());
    outcomes.map(|outcome| outcome.build.as_ref().map(|build| build.code.clone()).unwrap_or_default()).collect()
}

/// The seeds of a variant, if they differ.
fn seeds(before: &BaselineVariant, after: &BaselineVariant) -> Option<String> {
    let [first, other] =
        [before, after].map(|variant| variant.seeds.iter().map(|one| one.seed).collect::<BTreeSet<_>>());
    let list = |seeds: &BTreeSet<u64>| seeds.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    (first != other).then(|| format!("seeds: {} -> {}", list(&first), list(&other)))
}
