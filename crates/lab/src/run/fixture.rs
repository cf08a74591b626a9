//! Trials for this module's tests.

use protocol::{DataSpec, Keep, MeasureSpec, ModelSpec, Schedule, TrainSpec, Trial};
use serde_json::json;

pub(crate) fn throughput(windows: u64, seconds: f64) -> MeasureSpec {
    MeasureSpec::new("throughput", 1, json!({"windows": windows, "seconds": seconds}))
}

/// A trial whose model is named like its variant.
pub(crate) fn trial(variant: &str, seed: u64) -> Trial {
    Trial {
        schema: protocol::trial::TRIAL_SCHEMA,
        grid: "g".into(),
        variant: variant.into(),
        section: None,
        model: ModelSpec { name: variant.into(), version: 1, config: json!({}) }.into(),
        data: DataSpec { name: "digits".into(), version: 1, config: json!({}), hash: String::new() }.into(),
        train: TrainSpec {
            steps: 100,
            batch_size: 10,
            schedule: Schedule::Constant,
            eval_every: 50,
            keep: Keep::Last,
            patience: None,
        },
        seed,
        device: "flex".into(),
        measure: vec![throughput(3, 0.01)].into(),
    }
}
