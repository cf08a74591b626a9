//! Where things lie under `results/`.
//!
//! ```text
//! results/<grid>/
//!   grid.yaml            the grid as it was run
//!   plan.json            its trials, in order
//!   trials/<id>/         one folder a trial, see TrialDir
//!   *.csv, report.html, summary.md    derived; rebuilt by `genbench table` and `genbench report`
//! ```

use std::path::{Path, PathBuf};

use crate::TrialId;

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

    /// The folder of all trials.
    #[must_use]
    pub fn trials(&self) -> PathBuf {
        self.0.join("trials")
    }

    /// The grid as it was run.
    #[must_use]
    pub fn grid_yaml(&self) -> PathBuf {
        self.0.join("grid.yaml")
    }

    /// The plan as it was run.
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
    /// What to do; written by the parent before the worker starts.
    #[must_use]
    pub fn trial(&self) -> PathBuf {
        self.0.join("trial.json")
    }

    /// The append-only event stream.
    #[must_use]
    pub fn trace(&self) -> PathBuf {
        self.0.join("trace.jsonl")
    }

    /// The list of measurements; replaced whole when one is added.
    #[must_use]
    pub fn measurements(&self) -> PathBuf {
        self.0.join("measurements.json")
    }

    /// Throughput, from the timing pass after the grid; a list of measurements.
    #[must_use]
    pub fn throughput(&self) -> PathBuf {
        self.0.join("throughput.json")
    }

    /// The final record, written last.
    #[must_use]
    pub fn outcome(&self) -> PathBuf {
        self.0.join("outcome.json")
    }

    /// Held (`flock`) by whoever writes to the folder, for as long as it lives.
    #[must_use]
    pub fn lock(&self) -> PathBuf {
        self.0.join("lock")
    }

    /// What the worker wrote to stderr.
    #[must_use]
    pub fn stderr(&self) -> PathBuf {
        self.0.join("stderr.log")
    }

    /// State to resume from, and the kept state for later measurements.
    #[must_use]
    pub fn checkpoint(&self) -> PathBuf {
        self.0.join("checkpoint")
    }

    /// Pictures.
    #[must_use]
    pub fn samples(&self) -> PathBuf {
        self.0.join("samples")
    }

    /// Per-image log-densities of the test split, in nats, f64 `.npy`.
    #[must_use]
    pub fn log_density(&self) -> PathBuf {
        self.0.join("log_density.npy")
    }
}
