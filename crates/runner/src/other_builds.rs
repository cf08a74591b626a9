//! Finished trials that another build has run.

use protocol::{Build, GridDir, Outcome, Plan, Status, outcome_in};

/// Indices of the finished trials of a plan whose code is not that of `build`, or is not recorded. Unreadable records
/// are reported elsewhere.
#[must_use]
pub fn of_other_code(grid: &GridDir, plan: &Plan, build: &Build) -> Vec<usize> {
    let ids = grid.ids(&plan.trials);
    let other = |id| {
        outcome_in(&grid.trial(id)).is_ok_and(|outcome| outcome.is_some_and(|outcome| has_other_code(&outcome, build)))
    };
    ids.iter().enumerate().filter(|(_, id)| other(id)).map(|(index, _)| index).collect()
}

/// Returns whether a finished trial has other code than `build`, or none on record.
pub(crate) fn has_other_code(outcome: &Outcome, build: &Build) -> bool {
    outcome.status == Status::Done && outcome.build.as_ref().is_none_or(|made_by| made_by.code != build.code)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use protocol::atomic;
    use protocol::fixtures::{outcome, trial};

    use super::*;

    #[test]
    fn finished_trials_of_other_or_unknown_code_are_found() {
        let folder = tempfile::tempdir().unwrap();
        let grid = GridDir::new(folder.path(), "g");
        let code = |code: &str| Some(Build { code: code.into(), ..Build::default() });
        let plan = Plan::new("g", (0..5).map(|seed| trial("a", seed)).collect());
        let this = code("new").unwrap();
        assert_eq!(of_other_code(&grid, &plan, &this), [0; 0]);
        let ends = [
            (Status::Done, code("new")),
            (Status::Done, code("old")),
            (Status::Done, None),
            (Status::Refused { why: String::new() }, code("old")),
        ];
        for (trial, (status, build)) in plan.trials.iter().zip(ends) {
            let dir = grid.trial(&trial.id());
            fs::create_dir_all(&dir.0).unwrap();
            atomic::write_json(&dir.outcome(), &Outcome { build, ..outcome(trial.id(), status) }).unwrap();
        }
        assert_eq!(of_other_code(&grid, &plan, &this), [1, 2]);
        let renamed = Build { commit: Some("abc".into()), dirty: Some(true), ..this };
        assert_eq!(of_other_code(&grid, &plan, &renamed), [1, 2], "the commit is not the code");
    }
}
