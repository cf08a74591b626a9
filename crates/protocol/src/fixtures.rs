//! Small records for tests and examples.

use std::{fs, io};

use serde_json::json;

use crate::{
    Build, DataSpec, Host, MeasureSpec, ModelSpec, Outcome, Status, TrainSpec, Trial, TrialDir, TrialId, atomic,
};

/// A measure taken by the timing pass.
#[must_use]
pub fn throughput(windows: u64, seconds: f64) -> MeasureSpec {
    MeasureSpec::new("throughput", 1, json!({"windows": windows, "seconds": seconds}))
}

/// A measure taken by the worker, with these settings.
#[must_use]
pub fn measure(name: &str, config: serde_json::Value) -> MeasureSpec {
    MeasureSpec::new(name, 1, config)
}

/// A trial of 100 steps on `flex`. Its model has the name of its variant.
#[must_use]
pub fn trial(variant: &str, seed: u64) -> Trial {
    Trial {
        schema: crate::trial::TRIAL_SCHEMA,
        grid: "g".into(),
        variant: variant.into(),
        section: None,
        model: ModelSpec { name: variant.into(), version: 1, config: json!({}), meaning: None }.into(),
        data: DataSpec { name: "digits".into(), version: 1, config: json!({}), hash: String::new(), meaning: None }
            .into(),
        train: TrainSpec::new(100, 10, 50),
        seed,
        device: "flex".into(),
        measure: vec![throughput(3, 0.01)].into(),
    }
}

/// The outcome of a first attempt without a step.
#[must_use]
pub fn outcome(trial: TrialId, status: Status) -> Outcome {
    Outcome {
        schema: crate::outcome::OUTCOME_SCHEMA,
        trial,
        status,
        attempts: 1,
        genbench: String::new(),
        build: Some(Build::default()),
        ended_unix_ms: 0,
        host: Host::default(),
        device: None,
        data: None,
        steps: 0,
        kept_step: None,
        train_s: 0.0,
        parameters: None,
    }
}

/// Writes the checkpoint of a trained trial, as far as other processes than its worker read it.
///
/// # Errors
/// Any error of the file system.
pub fn keep_model(dir: &TrialDir) -> io::Result<()> {
    fs::create_dir_all(dir.checkpoint().join("kept"))?;
    atomic::write_json(&dir.checkpoint().join("state.json"), &json!({"step": 100, "kept": 100}))
}
