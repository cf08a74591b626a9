//! Record of a trial: one variant with one seed, fully resolved.

use std::fmt::{self, Write};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::TakenBy;

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
}

/// Factor of every learning rate, as a function of the step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Schedule {
    /// Always 1.
    #[default]
    Constant,
    /// From 1 to 0 along half a cosine.
    Cosine,
    /// From 1 to 0 linearly.
    Linear,
}

impl Schedule {
    /// The factor before step `step` of `steps`, counted from 0.
    #[must_use]
    pub fn factor(self, step: u64, steps: u64) -> f64 {
        let part = step as f64 / steps.max(1) as f64;
        match self {
            Self::Constant => 1.0,
            Self::Cosine => 0.5 * (1.0 + (std::f64::consts::PI * part).cos()),
            Self::Linear => 1.0 - part,
        }
    }
}

/// State of the model that is measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// The state after the last step.
    #[default]
    Last,
    /// The state with the best score on the validation split.
    Best,
}

/// Length of training, in steps, with batches, schedule and evaluation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainSpec {
    /// Optimisation steps.
    pub steps: u64,
    /// Images per step.
    pub batch_size: usize,
    /// Schedule of the learning rates.
    pub schedule: Schedule,
    /// Steps between two evaluations on the validation split, each with a checkpoint.
    pub eval_every: u64,
    /// State that is measured.
    pub keep: Keep,
    /// Number of evaluations in a row without improvement after which training stops.
    pub patience: Option<u32>,
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

/// Identity of a trial: twelve hexadecimal digits.
///
/// The identity depends on model, data, training, seed, device class and versions. It does not depend on the name of the
/// grid, labels, order in the file, measures and the git commit.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TrialId(pub String);

impl fmt::Display for TrialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Trial {
    /// Identity of the trial: the digest of `{data, device, model, seed, train}`.
    #[must_use]
    pub fn id(&self) -> TrialId {
        self.id_of_seed(self.seed)
    }

    /// Identity of the trial of the same variant with another seed.
    #[must_use]
    pub fn id_of_seed(&self, seed: u64) -> TrialId {
        let Self { model, data, train, .. } = self;
        let device_class = self.device.split(':').next().unwrap_or_default();
        // The text is built directly, with sorted keys. A JSON value would copy every setting, and a plan may have
        // 100,000 trials.
        let mut text = String::with_capacity(1024);
        text.push_str("{\"data\":{\"config\":");
        canonical(&data.config, &mut text);
        text.push_str(",\"hash\":");
        quoted(&data.hash, &mut text);
        text.push_str(",\"name\":");
        quoted(&data.name, &mut text);
        put(&mut text, format_args!(",\"version\":{},}},\"device\":", data.version));
        quoted(device_class, &mut text);
        text.push_str(",\"model\":{\"config\":");
        canonical(&model.config, &mut text);
        text.push_str(",\"name\":");
        quoted(&model.name, &mut text);
        put(&mut text, format_args!(",\"version\":{},}},\"seed\":{seed},\"train\":", model.version));
        canonical(&serde_json::json!(train), &mut text);
        text.push_str(",}");
        TrialId(hex(&Sha256::digest(text.as_bytes())[..6]))
    }

    /// Identity of the variant: that of its trial with seed 0.
    #[must_use]
    pub fn variant_id(&self) -> TrialId {
        self.id_of_seed(0)
    }
}

/// SHA-256 of a value's canonical form (keys sorted), in hexadecimal.
#[must_use]
pub fn digest(value: &Value) -> String {
    let mut text = String::new();
    canonical(value, &mut text);
    hex(&Sha256::digest(text.as_bytes()))
}

/// The bytes as lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |half: u8| char::from(DIGITS[usize::from(half)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Appends the canonical form of a value, with sorted keys. Another crate may enable `serde_json/preserve_order`, and the
/// identity must not depend on it.
fn canonical(value: &Value, out: &mut String) {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            out.push('{');
            for (key, value) in entries {
                quoted(key, out);
                out.push(':');
                canonical(value, out);
                out.push(',');
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for item in items {
                canonical(item, out);
                out.push(',');
            }
            out.push(']');
        }
        Value::String(text) => quoted(text, out),
        leaf => put(out, format_args!("{leaf}")),
    }
}

/// Appends a text as a JSON string.
fn quoted(text: &str, out: &mut String) {
    if text.bytes().any(|byte| byte < b' ' || byte == b'"' || byte == b'\\') {
        put(out, format_args!("{}", Value::from(text)));
    } else {
        out.extend(["\"", text, "\""]);
    }
}

fn put(out: &mut String, what: fmt::Arguments<'_>) {
    out.write_fmt(what).expect("writing to a string cannot fail");
}

#[cfg(test)]
mod tests;
