//! A trial: one model variant, one data set, one seed, fully resolved.

use std::fmt::{self, Write};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::TakenBy;

/// The version of the trial record.
pub const TRIAL_SCHEMA: u32 = 1;

/// A model with every setting filled in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelSpec {
    /// The name in the zoo's registry.
    pub name: String,
    /// The model's version: raised when the same settings come to mean something else.
    pub version: u32,
    /// Every setting, defaults included.
    pub config: Value,
}

/// A data set with every setting filled in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataSpec {
    /// The name in the data registry.
    pub name: String,
    /// The data set's version.
    pub version: u32,
    /// Every setting, defaults included.
    pub config: Value,
    /// What the identity of the data is: file hashes, or empty for data that the settings define.
    pub hash: String,
}

/// The common factor on every learning rate, as a function of the step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Schedule {
    /// 1 throughout.
    #[default]
    Constant,
    /// From 1 to 0 along half a cosine.
    Cosine,
    /// From 1 to 0 in a straight line.
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

/// Which state of the model is measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// The state after the last step.
    #[default]
    Last,
    /// The state with the best progress quantity on the validation split.
    Best,
}

/// How long and on what batches a model trains, resolved to steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainSpec {
    /// Optimisation steps.
    pub steps: u64,
    /// Images per step.
    pub batch_size: usize,
    /// The factor on every learning rate.
    pub schedule: Schedule,
    /// Steps between two evaluations on the validation split, each with a checkpoint.
    pub eval_every: u64,
    /// Which state is measured.
    pub keep: Keep,
    /// Stop after this many evaluations in a row without a better one.
    pub patience: Option<u32>,
}

/// A measure with every setting filled in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasureSpec {
    /// The name in the measure registry.
    pub name: String,
    /// The measure's version.
    pub version: u32,
    /// Every setting, defaults included.
    pub config: Value,
    /// See [`MeasureSpec::taken_by`]; written only where the name does not tell it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    taken_by: Option<TakenBy>,
}

impl MeasureSpec {
    /// A measure that the worker takes; `throughput` alone is the timing pass's.
    #[must_use]
    pub fn new(name: impl Into<String>, version: u32, config: Value) -> Self {
        Self { name: name.into(), version, config, taken_by: None }
    }

    /// The same measure, taken by `taken_by`.
    #[must_use]
    pub fn with_taken_by(self, taken_by: TakenBy) -> Self {
        Self { taken_by: (taken_by != TakenBy::unstated(&self.name)).then_some(taken_by), ..self }
    }

    /// What takes the measure.
    #[must_use]
    pub fn taken_by(&self) -> TakenBy {
        self.taken_by.unwrap_or_else(|| TakenBy::unstated(&self.name))
    }
}

/// One row of work for a worker: `trial.json` in the trial's folder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trial {
    /// [`TRIAL_SCHEMA`].
    pub schema: u32,
    /// The grid's name.
    pub grid: String,
    /// What the variant is called in tables and pictures; unique within the grid.
    pub variant: String,
    /// Where it stands in the report.
    pub section: Option<String>,
    /// The model. Like the data and the measures it is shared by all trials of a plan that have the same.
    #[serde(with = "shared")]
    pub model: Arc<ModelSpec>,
    /// The data.
    #[serde(with = "shared")]
    pub data: Arc<DataSpec>,
    /// The training.
    pub train: TrainSpec,
    /// The seed of weights, batches and noise.
    pub seed: u64,
    /// `flex`, `wgpu` or `wgpu:N`: chosen already, never `auto`.
    pub device: String,
    /// What to measure when training is over. Not part of the identity.
    #[serde(with = "shared")]
    pub measure: Arc<Vec<MeasureSpec>>,
}

/// What trials share in memory is written in each of them.
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

/// What a trial means, as twelve hexadecimal digits.
///
/// Model, data, training, seed, device class and their versions count; names, labels, order in
/// the file, what is measured and the git commit do not.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TrialId(pub String);

impl fmt::Display for TrialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Trial {
    /// The trial's identity: the digest of `{data, device, model, seed, train}`.
    #[must_use]
    pub fn id(&self) -> TrialId {
        self.id_of_seed(self.seed)
    }

    /// The identity of the trial of the same variant with another seed.
    #[must_use]
    pub fn id_of_seed(&self, seed: u64) -> TrialId {
        let Self { model, data, train, .. } = self;
        let device_class = self.device.split(':').next().unwrap_or_default();
        // Written out, keys sorted: building the whole as a value would copy every setting, and a plan has
        // 100,000 of these.
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

    /// The identity of the variant: the trial's without its seed.
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

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |half: u8| char::from(DIGITS[usize::from(half)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Another crate may switch on `serde_json/preserve_order`; an identity must not depend on that.
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

/// A text as in JSON.
fn quoted(text: &str, out: &mut String) {
    if text.bytes().any(|byte| byte < b' ' || byte == b'"' || byte == b'\\') {
        put(out, format_args!("{}", Value::from(text)));
    } else {
        out.extend(["\"", text, "\""]);
    }
}

fn put(out: &mut String, what: fmt::Arguments<'_>) {
    out.write_fmt(what).expect("a string takes everything");
}

#[cfg(test)]
mod tests;
