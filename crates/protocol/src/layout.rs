//! Where things lie under `results/`.
//!
//! ```text
//! results/<grid>/
//!   grid.yaml            the grid as it was run
//!   plan.json            its trials, in order
//!   trials/<id>/         one folder a trial, see TrialDir
//!   runners/             a file for each `genbench run` that is at work here, held (`flock`) for its life
//!   *.csv, report.html, summary.md    derived; rebuilt by `genbench table` and `genbench report`
//! ```

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::TrialId;
use crate::trial::digest;

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

    /// The folder of those that run it.
    #[must_use]
    pub fn runners(&self) -> PathBuf {
        self.0.join("runners")
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

    /// The terms of a figure that is a mean over test images ([`Measurement::per_image`](crate::Measurement)), one for
    /// each image, f64 `.npy`. The figure's name is the file's; other settings have another file.
    #[must_use]
    pub fn per_image(&self, figure: &str, settings: &Value) -> PathBuf {
        let has_settings = settings.as_object().is_some_and(|settings| !settings.is_empty());
        let apart = if has_settings { format!(".{}", &digest(settings)[..8]) } else { String::new() };
        self.0.join("per_image").join(format!("{figure}{apart}.npy"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn one_figure_under_two_settings_has_two_files() {
        let of = |settings: &Value| TrialDir("t".into()).per_image("ais", settings);
        assert_eq!(of(&json!({})), of(&Value::Null));
        assert_eq!(of(&json!({})), Path::new("t/per_image/ais.npy"));
        assert_eq!(of(&json!({"a": 1, "b": 2})), of(&json!({"b": 2, "a": 1})));
        assert_ne!(of(&json!({"temperatures": 500})), of(&json!({"temperatures": 1_000})));
    }
}
