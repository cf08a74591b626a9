//! Parts of a trial: its data, device, trainer and trained state.

use std::path::Path;

use burn::prelude::Device;
use data::Dataset;
use engine::{ModelEntry, RecordError, Trainer};
use protocol::{DeviceUsed, Problem, Trial, TrialDir, worded};
use serde_json::Value;

use crate::registry::Registry;

/// Error of loading the parts of a trial.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PartsError {
    #[error("{}", worded(.0))]
    Io(#[from] std::io::Error),
    /// Model, data and device do not fit, or one of them is missing.
    #[error("{0}")]
    Refused(String),
    #[error(transparent)]
    Record(#[from] RecordError),
}

/// Data and device of a trial, with the registry that has its model.
pub(crate) struct TrialParts<'r> {
    pub(crate) registry: &'r Registry,
    pub(crate) data: Dataset,
    pub(crate) device: Device,
    pub(crate) used: DeviceUsed,
}

impl<'r> TrialParts<'r> {
    /// Loads the data, which must be those of the plan, and opens the device.
    pub(crate) fn load(trial: &Trial, registry: &'r Registry) -> Result<Self, PartsError> {
        let refused = |error: &dyn std::fmt::Display| PartsError::Refused(error.to_string());
        let data = tracing::info_span!("data", data = trial.data.name.as_str()).in_scope(|| {
            let entry = registry.data.find(&trial.data.name).map_err(|error| refused(&error))?;
            let first = |mut problems: Vec<Problem>| refused(&problems.swap_remove(0));
            let settings = entry.present_names(&trial.data.config).map_err(|error| refused(&error))?;
            let set = (entry.open)(&settings, &registry.data).map_err(first)?;
            data::load_verified(&*set, &trial.data.hash).map_err(|error| refused(&error))
        })?;
        let (device, used) = engine::device::open(&trial.device).map_err(|error| refused(&error))?;
        Ok(Self { registry, data, device, used })
    }

    /// Builds the trial's trainer with fresh weights and the trial's optimiser.
    pub(crate) fn trainer(&self, trial: &Trial) -> Result<Box<dyn Trainer>, PartsError> {
        let _span = tracing::info_span!("build", model = trial.model.name.as_str()).entered();
        let (entry, settings) = self.model(trial)?;
        (entry.build)(&settings, &self.data.shape, trial.seed, &self.device)
            .and_then(|trainer| engine::with_optim(trainer, &trial.train.optim))
            .map_err(|error| PartsError::Refused(error.to_string()))
    }

    /// Returns whether the trial's model is fitted in closed form.
    pub(crate) fn closed_form(&self, trial: &Trial) -> Result<bool, PartsError> {
        self.model(trial).map(|(entry, settings)| (entry.closed_form)(&settings))
    }

    /// Returns the number of batches that the trial's model takes per step.
    pub(crate) fn batches_per_step(&self, trial: &Trial) -> Result<usize, PartsError> {
        self.model(trial).map(|(entry, settings)| (entry.batches_per_step)(&settings))
    }

    /// Returns the entry of the trial's model, and its settings under their present names.
    fn model(&self, trial: &Trial) -> Result<(&'r ModelEntry, Value), PartsError> {
        let refused = |error: &dyn std::fmt::Display| PartsError::Refused(error.to_string());
        let entry = self.registry.models.find(&trial.model.name).map_err(|error| refused(&error))?;
        let settings = entry.present_names(&trial.model.config).map_err(|error| refused(&error))?;
        Ok((entry, settings))
    }

    /// Returns the trainer in the kept state, which is the measured one.
    pub(crate) fn trained(&self, trial: &Trial, dir: &TrialDir) -> Result<Box<dyn Trainer>, PartsError> {
        let mut trainer = self.trainer(trial)?;
        engine::load_kept(&dir.checkpoint(), &mut *trainer)?;
        Ok(trainer)
    }
}

/// Reads a trial's `trial.json`.
pub(crate) fn read_trial(dir: &TrialDir) -> std::io::Result<Trial> {
    protocol::trial_in(dir)
}

/// Folder of the feature extractors in the results, shared by all grids and trials.
pub(crate) fn extractor_cache(dir: &TrialDir) -> std::path::PathBuf {
    // results/<grid>/trials/<id> -> results/.cache
    let results = dir.0.ancestors().nth(3).unwrap_or(Path::new("."));
    results.join(".cache").join("extractors")
}
