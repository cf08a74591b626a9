//! Paths of files and folders under `results/`.
//!
//! ```text
//! results/<grid>/
//!   grid.yaml            the grid of the last run
//!   grid.json            its file, and the options that changed its trials
//!   plan.json            its trials, in order
//!   trials/<id>/         one folder per trial, see TrialDir
//!   runners/             one file per running `genbench run`, locked (`flock`) while it runs
//!   *.csv, report.html, summary.md    derived; rebuilt by `genbench table` and `genbench report`
//! ```

mod first_scheme;

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::trial::digest;
use crate::{Trial, TrialId};

/// Names under `results/` that no grid can have, in lower case: files and folders of the program itself. Its caches start
/// with a dot.
pub const RESERVED_NAMES: [&str; 3] = ["audit", "readme.md", "reference"];

/// `results/<grid>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GridDir(pub PathBuf);

impl GridDir {
    /// The folder of a grid below a results folder.
    #[must_use]
    pub fn new(results: &Path, grid: &str) -> Self {
        Self(results.join(grid))
    }

    /// A trial's folder.
    #[must_use]
    pub fn trial(&self, id: &TrialId) -> TrialDir {
        TrialDir(self.trials().join(&id.0))
    }

    /// The id under which the results of a trial are kept, which is the name of its folder: the trial's id, or its id of
    /// the first scheme if there are results under that one only.
    #[must_use]
    pub fn id(&self, trial: &Trial) -> TrialId {
        let id = trial.id();
        let Some(first) = trial.first_id().filter(|_| !self.trial(&id).0.exists()) else { return id };
        if self.trial(&first).trial().exists() {
            return first;
        }
        let by_content = || first_scheme::folder_of(trial, &self.trials());
        trial.data.has_locators().then(by_content).flatten().unwrap_or(id)
    }

    /// [`GridDir::id`] of every trial; fast for a grid without results.
    #[must_use]
    pub fn ids(&self, trials: &[Trial]) -> Vec<TrialId> {
        if self.trials().exists() {
            return trials.iter().map(|trial| self.id(trial)).collect();
        }
        trials.iter().map(Trial::id).collect()
    }

    /// The folder of all trials.
    #[must_use]
    pub fn trials(&self) -> PathBuf {
        self.0.join("trials")
    }

    /// The folder of the lock files of running runners.
    #[must_use]
    pub fn runners(&self) -> PathBuf {
        self.0.join("runners")
    }

    /// Returns whether a runner on this machine holds its lock in the folder.
    #[must_use]
    pub fn has_runner(&self) -> bool {
        let Ok(entries) = fs::read_dir(self.runners()) else { return false };
        let mut files = entries.flatten().filter_map(|entry| File::open(entry.path()).ok());
        files.any(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
    }

    /// The grid of the last run.
    #[must_use]
    pub fn grid_yaml(&self) -> PathBuf {
        self.0.join("grid.yaml")
    }

    /// The record of the grid's file ([`GridRecord`](crate::GridRecord)).
    #[must_use]
    pub fn record(&self) -> PathBuf {
        self.0.join("grid.json")
    }

    /// The plan of the last run.
    #[must_use]
    pub fn plan_json(&self) -> PathBuf {
        self.0.join("plan.json")
    }

    /// A derived file, such as `summary.csv`.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

/// `results/<grid>/trials/<id>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrialDir(pub PathBuf);

impl TrialDir {
    /// The trial, written by the parent before the worker starts.
    #[must_use]
    pub fn trial(&self) -> PathBuf {
        self.0.join("trial.json")
    }

    /// The trace: an append-only list of events.
    #[must_use]
    pub fn trace(&self) -> PathBuf {
        self.0.join("trace.jsonl")
    }

    /// The list of measurements; a new one replaces the file.
    #[must_use]
    pub fn measurements(&self) -> PathBuf {
        self.0.join("measurements.json")
    }

    /// Measurements of throughput, from the timing pass after the grid.
    #[must_use]
    pub fn throughput(&self) -> PathBuf {
        self.0.join("throughput.json")
    }

    /// The outcome, written last.
    #[must_use]
    pub fn outcome(&self) -> PathBuf {
        self.0.join("outcome.json")
    }

    /// The lock file (`flock`), which the process that writes to the folder holds while it runs.
    #[must_use]
    pub fn lock(&self) -> PathBuf {
        self.0.join("lock")
    }

    /// Output of the worker to stderr.
    #[must_use]
    pub fn stderr(&self) -> PathBuf {
        self.0.join("stderr.log")
    }

    /// The folder of the checkpoint and of the kept state.
    #[must_use]
    pub fn checkpoint(&self) -> PathBuf {
        self.0.join("checkpoint")
    }

    /// The folder of pictures.
    #[must_use]
    pub fn samples(&self) -> PathBuf {
        self.0.join("samples")
    }

    /// The terms of a figure that is a mean over test images ([`Measurement::per_image`](crate::Measurement)): one f64 per
    /// image, as `.npy`. The file is named after the figure, with a hash of the settings of the measure.
    #[must_use]
    pub fn per_image(&self, figure: &str, settings: &Value) -> PathBuf {
        let has_settings = settings.as_object().is_some_and(|settings| !settings.is_empty());
        let suffix = if has_settings { format!(".{}", &digest(settings)[..8]) } else { String::new() };
        self.0.join("per_image").join(format!("{figure}{suffix}.npy"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Meaning;
    use crate::fixtures::trial;

    #[test]
    fn results_of_the_first_scheme_are_found_until_there_are_new_ones() {
        let folder = tempfile::tempdir().unwrap();
        let grid = GridDir::new(folder.path(), "g");
        let old = trial("nade", 0);
        let mut new = old.clone();
        let empty = Meaning::of(&json!({}), &json!({}), &|_| None);
        std::sync::Arc::make_mut(&mut new.model).meaning = Some(empty.clone());
        std::sync::Arc::make_mut(&mut new.data).meaning = Some(empty);
        assert_eq!(new.first_id(), Some(old.id()));
        assert_eq!(grid.id(&new), new.id());
        std::fs::create_dir_all(grid.trial(&old.id()).0).unwrap();
        assert_eq!(grid.id(&new), new.id(), "an empty folder is no result");
        std::fs::write(grid.trial(&old.id()).trial(), "{}").unwrap();
        assert_eq!(grid.id(&new), old.id());
        std::fs::create_dir_all(grid.trial(&new.id()).0).unwrap();
        assert_eq!(grid.id(&new), new.id());
    }

    #[test]
    fn one_figure_under_two_settings_has_two_files() {
        let of = |settings: &Value| TrialDir("t".into()).per_image("ais", settings);
        assert_eq!(of(&json!({})), of(&Value::Null));
        assert_eq!(of(&json!({})), Path::new("t/per_image/ais.npy"));
        assert_eq!(of(&json!({"a": 1, "b": 2})), of(&json!({"b": 2, "a": 1})));
        assert_ne!(of(&json!({"temperatures": 500})), of(&json!({"temperatures": 1_000})));
    }
}
