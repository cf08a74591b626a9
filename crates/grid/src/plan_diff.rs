//! Difference between two plans.

use std::collections::{HashMap, HashSet};

use protocol::{Change, MeasureSpec, Plan, Trial, TrialId, changes};
use serde::Serialize;
use serde_json::json;

/// Relation of a trial of one plan to the other plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DiffKind {
    /// Both plans have the trial.
    Same,
    /// Both plans have the trial, with other measures; it is not trained again.
    Measured,
    /// The trial of the same label and seed has other inputs.
    Changed,
    /// Only the new plan has the trial.
    Added,
    /// Only the old plan has the trial.
    Removed,
}

impl DiffKind {
    /// One character for a table.
    #[must_use]
    pub fn sign(self) -> char {
        match self {
            Self::Same => '=',
            Self::Measured => 'm',
            Self::Changed => '~',
            Self::Added => '+',
            Self::Removed => '-',
        }
    }
}

/// Seeds of a variant that relate to the other plan in the same way.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DiffRow {
    /// Their relation to the other plan.
    pub kind: DiffKind,
    /// The label in the new plan; in the old plan for a removed trial.
    pub variant: String,
    /// The label in the old plan, if it differs.
    pub was: Option<String>,
    /// The seeds, in the order of the plan.
    pub seeds: Vec<u64>,
    /// The inputs that differ.
    pub changes: Vec<Change>,
}

/// The difference between two plans.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diff {
    /// The new plan's trials in its order, then those that only the old plan has.
    pub rows: Vec<DiffRow>,
}

impl Diff {
    /// The number of trials of this kind.
    #[must_use]
    pub fn count(&self, kind: DiffKind) -> usize {
        self.rows.iter().filter(|row| row.kind == kind).map(|row| row.seeds.len()).sum()
    }

    fn push(&mut self, kind: DiffKind, trial: &Trial, was: Option<&Trial>, changes: Vec<Change>) {
        let was = was.map(|was| was.variant.clone()).filter(|was| *was != trial.variant);
        match self.rows.last_mut() {
            Some(last)
                if last.kind == kind && last.variant == trial.variant && last.was == was && last.changes == changes =>
            {
                last.seeds.push(trial.seed);
            }
            _ => {
                self.rows.push(DiffRow { kind, variant: trial.variant.clone(), was, seeds: vec![trial.seed], changes })
            }
        }
    }
}

/// Compares two plans. Trials of equal identity are the same; labels and order do not matter. Of the others, two trials
/// of equal label and seed are one trial that changed.
#[must_use]
pub fn diff(old: &Plan, new: &Plan) -> Diff {
    let ids: Vec<TrialId> = new.trials.iter().map(Trial::id).collect();
    let old_ids: Vec<TrialId> = old.trials.iter().map(Trial::id).collect();
    let kept: HashSet<&TrialId> = ids.iter().collect();
    let known: HashMap<&TrialId, &Trial> = old_ids.iter().zip(&old.trials).collect();
    let left = |(id, trial): (&TrialId, &'_ Trial)| (!kept.contains(id)).then_some(()).map(|()| name(trial));
    let gone: HashSet<(String, u64)> = old_ids.iter().zip(&old.trials).filter_map(left).collect();
    let by_name: HashMap<(String, u64), &Trial> = old.trials.iter().map(|trial| (name(trial), trial)).collect();
    let (mut diff, mut changed) = (Diff::default(), HashSet::new());
    for (id, trial) in ids.iter().zip(&new.trials) {
        let namesake = name(trial);
        if let Some(was) = known.get(id) {
            let measures = measures(&was.measure, &trial.measure);
            let kind = if measures.is_empty() { DiffKind::Same } else { DiffKind::Measured };
            diff.push(kind, trial, Some(was), measures);
        } else if let Some(was) = by_name.get(&namesake).filter(|_| gone.contains(&namesake)) {
            diff.push(DiffKind::Changed, trial, Some(was), changes(was, trial));
            changed.insert(namesake);
        } else {
            diff.push(DiffKind::Added, trial, None, Vec::new());
        }
    }
    for (id, trial) in old_ids.iter().zip(&old.trials) {
        if !kept.contains(id) && !changed.contains(&name(trial)) {
            diff.push(DiffKind::Removed, trial, None, Vec::new());
        }
    }
    diff
}

fn name(trial: &Trial) -> (String, u64) {
    (trial.variant.clone(), trial.seed)
}

/// Measures that were added or removed, or whose settings changed, by name.
fn measures(old: &[MeasureSpec], new: &[MeasureSpec]) -> Vec<Change> {
    let shown = |spec: &MeasureSpec| json!({"version": spec.version, "settings": spec.config});
    let of = |list: &[MeasureSpec], name: &str| -> Vec<_> {
        list.iter().filter(|spec| spec.name == name).map(shown).collect()
    };
    let mut names: Vec<&str> = new.iter().chain(old).map(|spec| spec.name.as_str()).collect();
    let mut seen = HashSet::new();
    names.retain(|name| seen.insert(*name));
    let some = |list: Vec<serde_json::Value>| match list.as_slice() {
        [] => None,
        [one] => Some(one["settings"].clone()),
        _ => Some(list.into()),
    };
    names
        .into_iter()
        .map(|name| (name, of(old, name), of(new, name)))
        .filter(|(_, before, after)| before != after)
        .map(|(name, before, after)| Change {
            input: format!("measure {name}"),
            before: some(before),
            after: some(after),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use protocol::fixtures::trial;

    use super::*;

    fn with_steps(variant: &str, seed: u64, steps: u64) -> Trial {
        let mut trial = trial(variant, seed);
        trial.train.steps = steps;
        trial
    }

    #[test]
    fn trials_of_equal_identity_are_the_same() {
        let old = Plan::new("g", vec![trial("a", 0), trial("a", 1), trial("b", 0), trial("c", 0), trial("d", 0)]);
        let renamed = Trial { variant: "b2".into(), ..trial("b", 0) };
        let remeasured = Trial { measure: Vec::new().into(), ..trial("d", 0) };
        let new =
            Plan::new("g", vec![with_steps("a", 0, 7), with_steps("a", 1, 7), renamed, trial("e", 0), remeasured]);
        let diff = diff(&old, &new);
        let rows: Vec<_> = diff
            .rows
            .iter()
            .map(|row| {
                (
                    row.kind.sign(),
                    row.variant.as_str(),
                    row.seeds.len(),
                    row.changes.iter().map(ToString::to_string).collect::<Vec<_>>(),
                )
            })
            .collect();
        assert_eq!(
            rows,
            [
                ('~', "a", 2, vec!["train.steps: 100 -> 7".to_owned()]),
                ('=', "b2", 1, vec![]),
                ('+', "e", 1, vec![]),
                ('m', "d", 1, vec!["measure throughput: {\"seconds\":0.01,\"windows\":3} -> unset".to_owned()]),
                ('-', "c", 1, vec![]),
            ]
        );
        assert_eq!(diff.rows[1].was.as_deref(), Some("b"));
        assert_eq!((diff.count(DiffKind::Changed), diff.count(DiffKind::Same)), (2, 1));
        let itself = super::diff(&old, &old);
        assert_eq!(itself.count(DiffKind::Same), 5);
    }
}
