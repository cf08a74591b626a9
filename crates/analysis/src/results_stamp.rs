//! Stamp of the files from which a report is made.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use protocol::{GridDir, Plan, TrialDir, final_status};

/// Lengths and modification times of the records of a grid. Two equal stamps are the same results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultsStamp {
    files: Vec<Option<(SystemTime, u64)>>,
    is_over: bool,
}

impl ResultsStamp {
    /// Reads the stamp of a grid. It takes no lock and writes nothing.
    #[must_use]
    pub fn of(grid: &GridDir, plan: &Plan) -> Self {
        let dirs: Vec<TrialDir> = plan.trials.iter().map(|trial| grid.trial(&grid.id(trial))).collect();
        let files_of = |dir: &TrialDir| [dir.outcome(), dir.measurements(), dir.throughput(), dir.trace()];
        let paths = [grid.plan_json(), grid.grid_yaml()].into_iter().chain(dirs.iter().flat_map(files_of));
        // A record that cannot be used ends its trial, as for `genbench watch`.
        let has_ended = |(dir, trial)| !matches!(final_status(dir, trial), Ok(None));
        Self {
            files: paths.map(|path| stamp(&path)).collect(),
            is_over: dirs.iter().zip(&plan.trials).all(has_ended) && !grid.has_runner(),
        }
    }

    /// Returns whether every trial has ended and no runner on this machine holds the grid.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.is_over
    }
}

/// `None` for a file that does not exist.
fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let about = fs::metadata(path).ok()?;
    Some((about.modified().ok()?, about.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{Status, atomic, fixtures};

    #[test]
    fn a_stamp_changes_with_each_record_and_ends_with_the_last_trial() {
        let folder = tempfile::tempdir().unwrap();
        let grid = GridDir::new(folder.path(), "g");
        let plan = Plan::new("g", vec![fixtures::trial("nade", 0), fixtures::trial("nade", 1)]);
        let mut known = vec![ResultsStamp::of(&grid, &plan)];
        let mut is_new = |what: &str| {
            let stamp = ResultsStamp::of(&grid, &plan);
            assert!(!known.contains(&stamp), "{what}");
            known.push(stamp.clone());
            stamp
        };
        for trial in &plan.trials {
            let dir = grid.trial(&trial.id());
            atomic::write(&dir.trace(), b"").unwrap();
            assert!(!is_new("trace").is_over());
            let failed = Status::Diverged { step: 1, what: "loss".into() };
            atomic::write_json(&dir.outcome(), &fixtures::outcome(trial.id(), failed)).unwrap();
            is_new("outcome");
        }
        assert_eq!(ResultsStamp::of(&grid, &plan), ResultsStamp::of(&grid, &plan));
        assert!(ResultsStamp::of(&grid, &plan).is_over());
        // A runner that takes a lock may still time the trials.
        fs::create_dir_all(grid.runners()).unwrap();
        let runner = fs::File::create(grid.runners().join("host-1")).unwrap();
        runner.lock().unwrap();
        assert!(!ResultsStamp::of(&grid, &plan).is_over());
        drop(runner);
        assert!(ResultsStamp::of(&grid, &plan).is_over());
    }
}
