//! The `train` block.

use data::DataShape;
use protocol::params::parse;
use protocol::{Keep, Problem, Schedule, TrainSpec};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The `train` block as written.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct TrainDraft {
    /// Optimisation steps; instead of `epochs`.
    #[schemars(range(min = 1))]
    steps: Option<u64>,
    /// Passes over the training images; 10 where neither this nor `steps` is set.
    #[schemars(range(max = 1_000_000.0))]
    epochs: Option<f64>,
    /// Images per step; 64 where it is not set.
    #[schemars(range(min = 1))]
    batch_size: Option<usize>,
    /// The factor on every learning rate.
    schedule: Schedule,
    /// Steps between two evaluations on the validation split; an epoch where it is not set.
    #[schemars(range(min = 1))]
    eval_every: Option<u64>,
    /// Which state is measured.
    keep: Keep,
    /// Stop after so many evaluations in a row without a better one.
    #[schemars(range(min = 1))]
    patience: Option<u32>,
}

/// Steps from epochs, defaults from the size of the data. Without data (they are wrong already),
/// only what does not depend on them is checked.
pub(super) fn train(written: &Value, data: Option<&DataShape>) -> Result<TrainSpec, Vec<Problem>> {
    let draft: TrainDraft = parse(written)?;
    let mut problems = Vec::new();
    let mut refuse = |path: &str, message: String, help: &str| problems.push(Problem::new(path, message).help(help));
    let images = data.map_or(usize::MAX, |data| data.train);
    let mut batch_size = draft.batch_size.unwrap_or(64);
    if batch_size == 0 || batch_size > images {
        refuse(
            "batch_size",
            format!("a batch of {batch_size} from {images} training images"),
            "between 1 and the training images",
        );
        batch_size = 1;
    }
    let per_epoch = (images / batch_size) as u64;
    let epochs = draft.epochs.unwrap_or(10.0);
    if draft.epochs.is_some() && draft.steps.is_some() {
        refuse("epochs", "both steps and epochs are set".into(), "set one of the two");
    } else if !(epochs > 0.0 && epochs <= 1e6) {
        refuse("epochs", format!("{epochs} epochs"), "above 0, at most 1000000");
    }
    if draft.steps == Some(0) {
        refuse("steps", "no training in no steps".into(), "at least 1");
    }
    let steps = draft.steps.unwrap_or_else(|| ((epochs * per_epoch as f64).round() as u64).max(1));
    let eval_every = draft.eval_every.unwrap_or(per_epoch);
    if eval_every == 0 {
        refuse("eval_every", "0 steps apart".into(), "steps between two evaluations, at least 1");
    }
    if draft.patience == Some(0) {
        refuse("patience", "0 evaluations is no patience".into(), "at least 1, or leave it out");
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(TrainSpec {
        steps,
        batch_size,
        schedule: draft.schedule,
        eval_every,
        keep: draft.keep,
        patience: draft.patience,
    })
}
