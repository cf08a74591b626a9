//! Check of `measure`: the data must be those on which the finished trials were trained.

use protocol::params::setting;
use protocol::{Change, GridDir, Plan, Trial};
use serde_json::Value;

use crate::failure::Failure;
use crate::registry::Registry;

/// Refuses a plan in which a finished trial has other files now, and nothing else changed.
pub(super) fn refuse(folder: &GridDir, plan: &Plan, registry: &Registry) -> Result<(), Failure> {
    let trials: Vec<&Trial> = plan.trials.iter().filter(|trial| !trial.data.hash.is_empty()).collect();
    let explanations = runner::explain(folder, &trials, &registry.build)?;
    for (trial, explained) in trials.iter().zip(&explanations) {
        let Some(near) = &explained.nearest else { continue };
        let is_namesake = (near.variant.as_str(), near.seed) == (trial.variant.as_str(), trial.seed);
        if let [change] = near.changes.as_slice()
            && is_namesake
            && change.input == Change::DATA_FILES
        {
            let text = |value: &Option<Value>| value.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();
            let message = format!(
                "the data changed after training: {}: SHA-256 {} when {} (seed {}) was trained, {} now",
                places(trial),
                text(&change.before),
                near.variant,
                near.seed,
                text(&change.after)
            );
            let help = "restore the files, or train on the new ones with `genbench run`";
            return Err(Failure::usage(format!("{message}\nhelp: {help}")));
        }
    }
    Ok(())
}

/// The paths in the settings of a trial's data.
fn places(trial: &Trial) -> String {
    let locators = trial.data.meaning.iter().flat_map(|meaning| &meaning.locators);
    let paths = locators.filter_map(|locator| setting(&trial.data.config, locator)?.as_str());
    paths.collect::<Vec<_>>().join(", ")
}
