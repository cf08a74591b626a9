//! Records of submissions, under `results/<grid>/slurm/<number>/`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use protocol::{GridDir, TrialId, atomic};
use serde::{Deserialize, Serialize};

use crate::error::{RunError, at};
use crate::executors::executor::Disposition;

/// Name of the folder of all submissions, in the grid's folder.
pub(super) const FOLDER: &str = "slurm";

/// A submitted array job and its folder.
#[derive(Clone, Debug)]
pub(super) struct Submission {
    /// Folder with script, list and record.
    pub(super) dir: PathBuf,
    /// Content of `submission.json`.
    pub(super) record: Record,
    /// `true` if the record on disk is outdated.
    changed: bool,
}

/// Content of `submission.json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    /// Key that identifies the job in Slurm's queue before its number is known.
    pub(super) key: String,
    /// Number of the array job; `None` if the submitter died before it could record it, or Slurm refused the job.
    pub(super) job: Option<u64>,
    /// Time of the submission, in milliseconds since 1970.
    pub(super) unix_ms: u64,
    /// Trials, by index of the array task.
    pub(super) tasks: Vec<Task>,
    /// Tasks whose end is handled, with the decision.
    #[serde(default, rename = "settled", skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) acknowledged: BTreeMap<usize, Disposition>,
    /// Tasks that `genbench cancel` cancelled, recorded before Slurm is asked.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) cancelled: BTreeSet<usize>,
}

/// One trial of a submission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Task {
    pub(super) trial: TrialId,
    /// Steps of the trial at the submission.
    pub(super) steps: u64,
}

impl Submission {
    /// Submissions of a grid, oldest first.
    pub(super) fn all(grid: &GridDir) -> Result<Vec<Self>, RunError> {
        let folder = grid.file(FOLDER);
        if !folder.exists() {
            return Ok(Vec::new());
        }
        let mut all = Vec::new();
        for entry in fs::read_dir(&folder).map_err(at(&folder))? {
            let dir = entry.map_err(at(&folder))?.path();
            let path = dir.join("submission.json");
            // Without a record, the submitter died before it called Slurm.
            if path.exists() {
                let record = atomic::read_json(&path).map_err(unknown_jobs)?;
                all.push(Self { dir, record, changed: false });
            }
        }
        all.sort_by(|a, b| a.dir.cmp(&b.dir));
        Ok(all)
    }

    /// Creates the folder of a submission with the next free number. Two runners get different numbers.
    pub(super) fn create(grid: &GridDir, tasks: Vec<Task>, unix_ms: u64) -> Result<Self, RunError> {
        let folder = grid.file(FOLDER);
        fs::create_dir_all(&folder).map_err(at(&folder))?;
        let last = fs::read_dir(&folder)
            .map_err(at(&folder))?
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok())
            .max();
        let mut number = last.unwrap_or(0) + 1;
        let dir = loop {
            let dir = folder.join(format!("{number:06}"));
            match fs::create_dir(&dir) {
                Ok(()) => break dir,
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => number += 1,
                Err(error) => return Err(at(&dir)(error)),
            }
        };
        let list: String = tasks.iter().map(|task| format!("{}\n", task.trial)).collect();
        let path = dir.join("trials");
        atomic::write(&path, list.as_bytes()).map_err(at(&path))?;
        let key = format!("genbench-{unix_ms}-{}-{number}", std::process::id());
        let record =
            Record { key, job: None, unix_ms, tasks, acknowledged: BTreeMap::new(), cancelled: BTreeSet::new() };
        let mut new = Self { dir, record, changed: true };
        new.save()?;
        Ok(new)
    }

    /// Records the number of the job.
    pub(super) fn set_job(&mut self, job: u64) {
        self.changed |= self.record.job.replace(job) != Some(job);
    }

    /// Records the decision about the end of a task.
    pub(super) fn acknowledge(&mut self, task: usize, then: Disposition) {
        self.changed |= self.record.acknowledged.insert(task, then) != Some(then);
    }

    /// Records that the user cancels a task, or that Slurm did not do so.
    pub(super) fn cancel(&mut self, task: usize, cancelled: bool) {
        let known = &mut self.record.cancelled;
        self.changed |= if cancelled { known.insert(task) } else { known.remove(&task) };
    }

    /// Writes the record if it has changed.
    pub(super) fn save(&mut self) -> Result<(), RunError> {
        if self.changed {
            let path = self.dir.join("submission.json");
            atomic::write_json(&path, &self.record).map_err(at(&path))?;
            self.changed = false;
        }
        Ok(())
    }
}

/// Error of a submission whose record is unreadable: its jobs cannot be told from those of others.
fn unknown_jobs(error: std::io::Error) -> RunError {
    let help = "if `squeue --me` lists no job of this grid, move the folder of this file away and run again";
    RunError::Record(std::io::Error::new(error.kind(), format!("{error}\nhelp: {help}")))
}

/// Last submission of each trial: index of the submission, and of the task.
pub(super) fn newest(all: &[Submission]) -> BTreeMap<TrialId, (usize, usize)> {
    let tasks = |at: usize, one: &Submission| {
        one.record
            .tasks
            .iter()
            .enumerate()
            .map(move |(task, known)| (known.trial.clone(), (at, task)))
            .collect::<Vec<_>>()
    };
    all.iter().enumerate().flat_map(|(at, one)| tasks(at, one)).collect()
}

/// Number of retries of each trial.
pub(super) fn tries(all: &[Submission]) -> BTreeMap<TrialId, u32> {
    let mut tries = BTreeMap::new();
    for one in all {
        let again = one.record.acknowledged.iter().filter(|(_, then)| **then == Disposition::Again);
        for known in again.filter_map(|(task, _)| one.record.tasks.get(*task)) {
            *tries.entry(known.trial.clone()).or_default() += 1;
        }
    }
    tries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn submissions_are_numbered_and_read_in_order() {
        let results = tempfile::tempdir().unwrap();
        let grid = GridDir::new(results.path(), "g");
        assert!(Submission::all(&grid).unwrap().is_empty());
        let tasks = |ids: &[&str]| ids.iter().map(|&id| Task { trial: TrialId(id.into()), steps: 5 }).collect();
        let mut first = Submission::create(&grid, tasks(&["a", "b"]), 1).unwrap();
        first.set_job(12);
        first.acknowledge(1, Disposition::Again);
        first.save().unwrap();
        Submission::create(&grid, tasks(&["c"]), 2).unwrap();
        fs::create_dir(grid.file(FOLDER).join("000007")).unwrap();
        let all = Submission::all(&grid).unwrap();
        assert_eq!(all.len(), 2, "one has no record: nothing was submitted");
        assert_eq!(all[0].record, first.record);
        let id = |name: &str| TrialId(name.into());
        assert_eq!((all[1].record.job, newest(&all)[&id("c")]), (None, (1, 0)));
        assert_eq!(tries(&all), BTreeMap::from([(id("b"), 1)]));
        assert_eq!(fs::read_to_string(first.dir.join("trials")).unwrap(), "a\nb\n");
        assert!(Submission::create(&grid, tasks(&["d"]), 3).unwrap().dir.ends_with("000008"));
    }
}
