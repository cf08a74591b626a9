//! Temporary folder of a test, and the binary that runs in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use protocol::{GridDir, Measurement, Outcome, TrialDir, atomic};

/// Temporary folder with a grid in `grid.yaml`.
pub(crate) struct Bench {
    folder: tempfile::TempDir,
}

/// Exit code and output of a command.
#[derive(Debug)]
pub(crate) struct CommandOutput {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Grid with two models, one seed and a few steps, which runs for seconds.
pub(crate) const SMALL: &str = "\
name: small
about: A grid for tests.
device: flex
seeds: [0]
data: {name: digits, binarize: threshold}
train: {steps: 60, batch_size: 32, eval_every: 20, keep: best}
measure: [nll, elbo, parameters]
variants:
  - model: independent
  - model: {name: vae, hidden: 16, latent: 4}
";

impl Bench {
    pub(crate) fn with(grid: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("grid.yaml"), grid).expect("a written grid");
        Self { folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_genbench"));
        command.args(arguments).current_dir(self.folder.path()).env("NO_COLOR", "1").env_remove("RAYON_NUM_THREADS");
        command
    }

    pub(crate) fn genbench(&self, arguments: &[&str]) -> CommandOutput {
        command_output(self.command(arguments).output().expect("the binary starts"))
    }

    /// Returns whether a graphics adapter is here. Fails if there is none and the environment requires one.
    pub(crate) fn has_adapter(&self) -> bool {
        let has_adapter = self.genbench(&["doctor", "--format", "json"]).out.contains("\"wgpu:0\"");
        let is_required = std::env::var_os("GENBENCH_REQUIRE_WGPU").is_some();
        assert!(has_adapter || !is_required, "there is no graphics adapter");
        has_adapter
    }

    pub(crate) fn grid(&self, name: &str) -> GridDir {
        GridDir::new(&self.path("results"), name)
    }

    /// Returns the folders of all trials, sorted by name.
    pub(crate) fn trials(&self, grid: &str) -> Vec<TrialDir> {
        let mut folders: Vec<_> = std::fs::read_dir(self.grid(grid).trials())
            .expect("trials have run")
            .map(|entry| entry.expect("a readable folder").path())
            .collect();
        folders.sort();
        folders.into_iter().map(TrialDir).collect()
    }

    /// Returns the folder of the only trial of a model.
    pub(crate) fn trial_of(&self, grid: &str, model: &str) -> TrialDir {
        let is = |dir: &TrialDir| {
            atomic::read_json::<protocol::Trial>(&dir.trial()).is_ok_and(|trial| trial.model.name == model)
        };
        self.trials(grid).into_iter().find(is).expect("the model has a trial")
    }
}

pub(crate) fn command_output(output: Output) -> CommandOutput {
    CommandOutput {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

pub(crate) fn outcome(dir: &TrialDir) -> Outcome {
    atomic::read_json(&dir.outcome()).expect("the trial is finished")
}

pub(crate) fn measurements(dir: &TrialDir) -> Vec<Measurement> {
    atomic::read_json(&dir.measurements()).expect("the trial was measured")
}

pub(crate) fn value(dir: &TrialDir, name: &str) -> Option<f64> {
    measurements(dir).into_iter().find(|figure| figure.name == name)?.value
}

pub(crate) fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
