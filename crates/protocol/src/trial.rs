//! Record of a trial: one variant with one seed, fully resolved.

mod identity;
mod train;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::identity::{TrialId, digest, hex};
pub use self::train::{Keep, Schedule, TrainSpec};
use crate::{Meaning, TakenBy};

/// Version of the trial record.
pub const TRIAL_SCHEMA: u32 = 1;

/// A model with every setting filled in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelSpec {
    /// Name in the registry of models.
    pub name: String,
    /// Version of the model. It is raised when the same settings give another model.
    pub version: u32,
    /// All settings, with defaults.
    pub config: Value,
    /// The settings that are hashed for the identity; `None` in records of the first scheme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meaning: Option<Meaning>,
}

/// A data set with every setting filled in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataSpec {
    /// Name in the registry of data sets.
    pub name: String,
    /// Version of the data set.
    pub version: u32,
    /// All settings, with defaults.
    pub config: Value,
    /// Hash of the files; empty for data that the settings define.
    pub hash: String,
    /// The settings that are hashed for the identity; `None` in records of the first scheme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meaning: Option<Meaning>,
}

impl ModelSpec {
    /// The settings that distinguish the model: those of its meaning, else all.
    #[must_use]
    pub fn settings(&self) -> &Value {
        self.meaning.as_ref().map_or(&self.config, |meaning| &meaning.settings)
    }
}

impl DataSpec {
    /// The settings that distinguish the data set: those of its meaning, else all.
    #[must_use]
    pub fn settings(&self) -> &Value {
        self.meaning.as_ref().map_or(&self.config, |meaning| &meaning.settings)
    }

    /// Returns whether some settings state where files are.
    pub(crate) fn has_locators(&self) -> bool {
        self.meaning.as_ref().is_some_and(|meaning| !meaning.locators.is_empty())
    }

    /// Returns whether both are the same images, wherever their files are.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let identity = |spec: &Self| (spec.name.clone(), spec.version, spec.hash.clone());
        let reading = |spec: &Self| spec.meaning.as_ref().map(|meaning| meaning.reading.clone());
        identity(self) == identity(other) && self.settings() == other.settings() && reading(self) == reading(other)
    }
}

/// A measure with every setting filled in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasureSpec {
    /// Name in the registry of measures.
    pub name: String,
    /// Version of the measure.
    pub version: u32,
    /// All settings, with defaults.
    pub config: Value,
    /// Value of [`MeasureSpec::taken_by`]; stored only if it differs from the default for the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    taken_by: Option<TakenBy>,
}

impl MeasureSpec {
    /// A measure that the worker takes, except for `throughput`, which the timing pass takes.
    #[must_use]
    pub fn new(name: impl Into<String>, version: u32, config: Value) -> Self {
        Self { name: name.into(), version, config, taken_by: None }
    }

    /// The same measure, taken by `taken_by`.
    #[must_use]
    pub fn with_taken_by(self, taken_by: TakenBy) -> Self {
        Self { taken_by: (taken_by != TakenBy::unstated(&self.name)).then_some(taken_by), ..self }
    }

    /// The process that takes the measure.
    #[must_use]
    pub fn taken_by(&self) -> TakenBy {
        self.taken_by.unwrap_or_else(|| TakenBy::unstated(&self.name))
    }
}

/// Work for one worker: `trial.json` in the trial's folder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trial {
    /// Version of the record: [`TRIAL_SCHEMA`].
    pub schema: u32,
    /// Name of the grid.
    pub grid: String,
    /// Label of the variant in tables and pictures; unique in the grid.
    pub variant: String,
    /// Section of the report that lists the variant.
    pub section: Option<String>,
    /// The model. The trials of a plan share equal models, data and measures.
    #[serde(with = "shared")]
    pub model: Arc<ModelSpec>,
    /// The data.
    #[serde(with = "shared")]
    pub data: Arc<DataSpec>,
    /// The training.
    pub train: TrainSpec,
    /// Seed of weights, batches and noise.
    pub seed: u64,
    /// Resolved device: `flex`, `wgpu` or `wgpu:N`, never `auto`.
    pub device: String,
    /// Measures to take after training. Not part of the identity.
    #[serde(with = "shared")]
    pub measure: Arc<Vec<MeasureSpec>>,
}

/// Serialisation of shared values: each record holds a copy.
mod shared {
    use std::sync::Arc;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<T: Serialize, S: Serializer>(value: &Arc<T>, to: S) -> Result<S::Ok, S::Error> {
        value.as_ref().serialize(to)
    }

    pub(super) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Arc<T>, D::Error> {
        T::deserialize(from).map(Arc::new)
    }
}

#[cfg(test)]
mod tests;
