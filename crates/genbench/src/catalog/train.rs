//! The `train` block.

use data::DataShape;
use protocol::params::parse;
use protocol::{Keep, Optim, Problem, Schedule, TrainSpec};
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
    /// Steps in which the learning rates rise linearly, fewer than the training has; the schedule multiplies them, too.
    warmup: u64,
    /// Fractions of the training at which the schedule `step` lowers the learning rates, in rising order.
    #[schemars(extend("items" = {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}))]
    milestones: Vec<f64>,
    /// Factor of the schedule `step` at each milestone, above 0, below 1; 0.1 if not set.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 1))]
    gamma: Option<f64>,
    /// Optimiser: algorithm, weight decay, clipping, moving average of the weights.
    optim: Optim,
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
    if draft.warmup > 0 && draft.warmup >= steps && draft.steps != Some(0) {
        let message = format!("a warm-up of {} steps in a training of {steps}", draft.warmup);
        refuse("warmup", message, "fewer steps than the training has");
    }
    problems.extend(learning_rate_steps(&draft));
    if let Err(found) = draft.optim.check() {
        problems.extend(found.into_iter().map(|problem| problem.under("optim")));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(TrainSpec {
        schedule: draft.schedule,
        keep: draft.keep,
        patience: draft.patience,
        warmup: draft.warmup,
        milestones: draft.milestones,
        gamma: draft.gamma.unwrap_or(TrainSpec::GAMMA),
        optim: draft.optim,
        ..TrainSpec::new(steps, batch_size, eval_every)
    })
}

/// Mistakes in the settings of the schedule `step`.
fn learning_rate_steps(draft: &TrainDraft) -> Vec<Problem> {
    let (stepped, milestones) = (draft.schedule == Schedule::Step, &draft.milestones);
    let refuse = |path: &str, message: &str, help: &str| Problem::new(path, message).help(help);
    let mut problems = Vec::new();
    if stepped && milestones.is_empty() {
        let help = "add fractions of the training, such as `milestones: [0.5, 0.75]`";
        problems.push(refuse("schedule", "the schedule `step` has no milestones", help));
    }
    for (path, set) in [("milestones", !milestones.is_empty()), ("gamma", draft.gamma.is_some())] {
        if set && !stepped {
            let message = "only the schedule `step` uses this setting";
            problems.push(refuse(path, message, "remove it, or write `schedule: step`"));
        }
    }
    let inside = |value: f64| value > 0.0 && value < 1.0;
    if !milestones.iter().all(|at| inside(*at)) || milestones.windows(2).any(|pair| pair[0] >= pair[1]) {
        let message = format!("{milestones:?} are not fractions of the training in rising order");
        problems.push(refuse("milestones", &message, "numbers above 0 and below 1, such as [0.5, 0.75]"));
    }
    if let Some(gamma) = draft.gamma.filter(|gamma| !inside(*gamma)) {
        problems.push(refuse("gamma", &format!("{gamma} is out of range"), "allowed: above 0, below 1"));
    }
    problems
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn problems(written: Value) -> Vec<(String, String)> {
        let shape = DataShape::new([1, 2, 2], protocol::Support::Binary, [640, 10, 10]);
        let found = train(&written, Some(&shape), 1).err().unwrap_or_default();
        found.into_iter().map(|problem| (problem.path, problem.help.unwrap_or_default())).collect()
    }

    fn paths(written: Value) -> Vec<String> {
        problems(written).into_iter().map(|(path, _)| path).collect()
    }

    #[test]
    fn a_block_without_these_settings_has_their_defaults() {
        let shape = DataShape::new([1, 2, 2], protocol::Support::Binary, [640, 10, 10]);
        assert_eq!(train(&json!({"optim": {}}), Some(&shape), 1), Ok(TrainSpec::new(100, 64, 10)));
        let written = json!({"optim": {"beta_2": 0.999, "algorithm": "adam"}, "warmup": 0, "milestones": []});
        assert_eq!(train(&written, Some(&shape), 1), Ok(TrainSpec::new(100, 64, 10)), "written defaults mean the same");
    }

    #[test]
    fn schedules_are_checked_as_a_whole() {
        let step = |more: Value| {
            let mut written = json!({"schedule": "step", "milestones": [0.5, 0.75]});
            let more = more.as_object().expect("a block").clone();
            written.as_object_mut().expect("a block").extend(more);
            paths(written)
        };
        assert_eq!(step(json!({})), [""; 0]);
        assert_eq!(step(json!({"milestones": []})), ["schedule"]);
        for wrong in [json!([0.75, 0.5]), json!([0.5, 0.5]), json!([0.0, 0.5]), json!([0.5, 1.0])] {
            assert_eq!(step(json!({"milestones": wrong})), ["milestones"]);
        }
        assert_eq!(step(json!({"schedule": "cosine", "gamma": 0.5})), ["milestones", "gamma"]);
        assert_eq!(step(json!({"gamma": 1.0})), ["gamma"]);
        assert_eq!(paths(json!({"warmup": 99})), [""; 0]);
        assert_eq!(paths(json!({"warmup": 100})), ["warmup"]);
        assert_eq!(paths(json!({"steps": 5, "warmup": 5})), ["warmup"]);
    }

    #[test]
    fn mistakes_in_the_optimiser_have_their_path_and_the_nearest_name() {
        let found = problems(json!({"optim": {"weight_deca": 0.1, "algorithm": "adamv"}}));
        let helps: Vec<_> = found.iter().map(|(path, help)| (path.as_str(), help.split('?').next().unwrap())).collect();
        assert_eq!(
            helps,
            [("optim.weight_deca", "did you mean `weight_decay`"), ("optim.algorithm", "did you mean `adam`")]
        );
        assert_eq!(paths(json!({"optim": {"momentum": 0.5}})), ["optim.momentum"]);
        assert_eq!(paths(json!({"optim": {"ema": 1}})), ["optim.ema"]);
    }
}
