//! Match of the variants of a run with those of a baseline.

use std::collections::BTreeSet;

use protocol::{Change, MeasureSpec, Trial, changes};

use super::baseline::{Baseline, BaselineVariant};

/// Relation of a variant of the run to the baseline.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum VariantMatch<'a> {
    /// The same inputs.
    Same(&'a BaselineVariant),
    /// The same inputs under another label.
    Renamed(&'a BaselineVariant),
    /// The same label with other inputs.
    Changed(&'a BaselineVariant, Vec<String>),
    /// Neither label nor inputs are in the baseline.
    New,
}

/// Matches a variant by its label, else by its inputs.
pub(super) fn match_of<'a>(variant: &BaselineVariant, baseline: &'a Baseline, run: &Baseline) -> VariantMatch<'a> {
    let label = &variant.trial.variant;
    if let Some(known) = baseline.variants.iter().find(|known| known.trial.variant == *label) {
        let changed = input_changes(&known.trial, &variant.trial);
        return if changed.is_empty() { VariantMatch::Same(known) } else { VariantMatch::Changed(known, changed) };
    }
    let labels: BTreeSet<&str> = run.variants.iter().map(|one| one.trial.variant.as_str()).collect();
    let is_renamed = |known: &&BaselineVariant| {
        !labels.contains(known.trial.variant.as_str()) && input_changes(&known.trial, &variant.trial).is_empty()
    };
    baseline.variants.iter().find(is_renamed).map_or(VariantMatch::New, VariantMatch::Renamed)
}

/// Inputs that differ, apart from the seed, such as `train.epochs: 20 -> 40`.
pub(crate) fn input_changes(before: &Trial, after: &Trial) -> Vec<String> {
    let same_seed = Trial { seed: after.seed, ..before.clone() };
    changes(&same_seed, after).iter().map(ToString::to_string).collect()
}

/// Inputs of the data that differ, such as `data version: 1 -> 2`.
pub(super) fn data_changes(before: &Trial, after: &Trial) -> Vec<String> {
    let is_data = |change: &Change| change.input.split(['.', ' ']).next() == Some("data");
    changes(before, after).iter().filter(|change| is_data(change)).map(ToString::to_string).collect()
}

/// Differences between the measures of two trials, such as `fid_proxy version: 1 -> 2`.
pub(crate) fn measure_changes(before: &Trial, after: &Trial) -> Vec<String> {
    let mut found = Vec::new();
    let name = |measure: &MeasureSpec| measure.name.clone();
    let names: BTreeSet<String> = before.measure.iter().chain(after.measure.iter()).map(name).collect();
    for name in names {
        let of = |trial: &Trial| trial.measure.iter().filter(|one| one.name == name).cloned().collect::<Vec<_>>();
        match (of(before).as_slice(), of(after).as_slice()) {
            ([], _) => found.push(format!("measure {name}: added")),
            (_, []) => found.push(format!("measure {name}: removed")),
            ([old], [new]) if old.version != new.version => {
                found.push(format!("{name} version: {} -> {}", old.version, new.version));
            }
            (old, new) if old != new => found.push(format!("settings of {name}")),
            _ => {}
        }
    }
    found
}
