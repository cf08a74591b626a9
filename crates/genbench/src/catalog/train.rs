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
    /// Number of optimisation steps, those of the generator for adversarial models; alternative to `epochs`.
    #[schemars(range(min = 1))]
    steps: Option<u64>,
    /// Passes over the training images; 10 if neither this nor `steps` is set.
    #[schemars(range(max = 1_000_000.0))]
    epochs: Option<f64>,
    /// Images per batch; 64 if not set. A step takes one batch, or `critic_steps` of an adversarial model.
    #[schemars(range(min = 1))]
    batch_size: Option<usize>,
    /// Factor on every learning rate, as a function of the step.
    schedule: Schedule,
    /// Steps between two evaluations on the validation split; one epoch if not set.
    #[schemars(range(min = 1))]
    eval_every: Option<u64>,
    /// State that is kept and measured.
    keep: Keep,
    /// Evaluations in a row without improvement after which training stops; no early stopping if not set.
    #[schemars(range(min = 1))]
    patience: Option<u32>,
}

/// Resolves the `train` block: steps from epochs, defaults from the size of the data and the batches that the model takes
/// per step. Without data, whose mistakes are reported elsewhere, only settings that do not depend on data are checked.
pub(super) fn train(
    written: &Value,
    data: Option<&DataShape>,
    batches_per_step: usize,
) -> Result<TrainSpec, Vec<Problem>> {
    let draft: TrainDraft = parse(written)?;
    let mut problems = Vec::new();
    let mut refuse = |path: &str, message: String, help: &str| problems.push(Problem::new(path, message).help(help));
    let images = data.map_or(usize::MAX, |data| data.train);
    let mut batch_size = draft.batch_size.unwrap_or(64);
    if batch_size == 0 || batch_size > images {
        refuse(
            "batch_size",
            format!("a batch of {batch_size} images from {images} training images"),
            "at least 1, at most the number of training images",
        );
        batch_size = 1;
    }
    let batches = (images / batch_size) as u64;
    let per_epoch = batches as f64 / batches_per_step as f64;
    let epochs = draft.epochs.unwrap_or(10.0);
    if draft.epochs.is_some() && draft.steps.is_some() {
        refuse("epochs", "both `steps` and `epochs` are set".into(), "set one of them");
    } else if !(epochs > 0.0 && epochs <= 1e6) {
        refuse("epochs", format!("{epochs} epochs"), "above 0, at most 1,000,000");
    }
    if draft.steps == Some(0) {
        refuse("steps", "the number of steps is 0".into(), "at least 1");
    }
    let steps = draft.steps.unwrap_or_else(|| ((epochs * per_epoch).round() as u64).max(1));
    let eval_every = draft.eval_every.unwrap_or_else(|| (batches / batches_per_step as u64).max(1));
    if eval_every == 0 {
        refuse("eval_every", "0 steps between two evaluations".into(), "at least 1");
    }
    if draft.patience == Some(0) {
        refuse("patience", "the patience is 0 evaluations".into(), "at least 1; leave it out for no early stopping");
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
