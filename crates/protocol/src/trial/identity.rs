//! Identity of a trial: a hash of its inputs, in two schemes.

use std::fmt::{self, Write};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::Trial;
use crate::meaning::without;

/// Identity of a trial: twelve hexadecimal digits.
///
/// The identity depends on what a trial means: model, data, training, seed, device class and versions. It does not depend
/// on the name of the grid, labels, order in the file, measures, the place of files and the build.
///
/// The present scheme, the second one, hashes the settings that differ from their defaults under their present names, and
/// the content of files. So a new setting or a renamed one changes no identity. The first scheme hashed every setting, and
/// the path of files; [`Trial::first_id`] finds its results.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TrialId(pub String);

impl fmt::Display for TrialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Trial {
    /// Identity of the trial: the digest of `{data, device, model, scheme, seed, train}`. A record of the first scheme has
    /// an id of the first scheme.
    #[must_use]
    pub fn id(&self) -> TrialId {
        self.id_of_seed(self.seed)
    }

    /// Identity of the trial of the same variant with another seed.
    #[must_use]
    pub fn id_of_seed(&self, seed: u64) -> TrialId {
        let Self { model, data, train, .. } = self;
        let (Some(of_model), Some(of_data)) = (&model.meaning, &data.meaning) else {
            return self.digest_of(seed, &model.config, &data.config, &json!(train), None);
        };
        self.digest_of(seed, &of_model.settings, &of_data.settings, &train.non_defaults(), Some(&of_data.reading))
    }

    /// Identity of the trial in the first scheme, for a record of the second one.
    #[must_use]
    pub fn first_id(&self) -> Option<TrialId> {
        let (of_model, of_data) = (self.model.meaning.as_ref()?, self.data.meaning.as_ref()?);
        let model = of_model.first.as_ref().unwrap_or(&self.model.config);
        let data = of_data.first.as_ref().unwrap_or(&self.data.config);
        Some(self.digest_of(self.seed, model, data, &json!(self.train), None))
    }

    /// Digest of the inputs in the first scheme without the paths of files, for a record of the second one.
    pub(crate) fn first_content(&self) -> Option<TrialId> {
        let (of_model, of_data) = (self.model.meaning.as_ref()?, self.data.meaning.as_ref()?);
        let model = of_model.first.as_ref().unwrap_or(&self.model.config);
        let data = of_data.first.as_ref().unwrap_or(&self.data.config);
        Some(self.digest_of(self.seed, model, &without(data, &of_data.locators), &json!(self.train), None))
    }

    /// The same for a record of the first scheme; `other` states which settings are paths.
    pub(crate) fn content_without(&self, other: &Self) -> TrialId {
        let locators = other.data.meaning.as_ref().map_or(&[][..], |meaning| &meaning.locators);
        let data = without(&self.data.config, locators);
        self.digest_of(self.seed, &self.model.config, &data, &json!(self.train), None)
    }

    /// Digest of the inputs; `reading` is the interpretation of files in the second scheme, `None` in the first one.
    fn digest_of(&self, seed: u64, model: &Value, data: &Value, train: &Value, reading: Option<&str>) -> TrialId {
        let device_class = self.device.split(':').next().unwrap_or_default();
        // The text is built directly, with sorted keys. A JSON value would copy every setting, and a plan may have
        // 100,000 trials.
        let mut text = String::with_capacity(1024);
        text.push_str("{\"data\":{\"config\":");
        canonical(data, &mut text);
        text.push_str(",\"hash\":");
        quoted(&self.data.hash, &mut text);
        text.push_str(",\"name\":");
        quoted(&self.data.name, &mut text);
        if let Some(reading) = reading.filter(|reading| !reading.is_empty()) {
            text.push_str(",\"reading\":");
            quoted(reading, &mut text);
        }
        put(&mut text, format_args!(",\"version\":{},}},\"device\":", self.data.version));
        quoted(device_class, &mut text);
        text.push_str(",\"model\":{\"config\":");
        canonical(model, &mut text);
        text.push_str(",\"name\":");
        quoted(&self.model.name, &mut text);
        put(&mut text, format_args!(",\"version\":{},}}", self.model.version));
        text.push_str(if reading.is_some() { ",\"scheme\":2" } else { "" });
        put(&mut text, format_args!(",\"seed\":{seed},\"train\":"));
        canonical(train, &mut text);
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
pub(super) fn canonical(value: &Value, out: &mut String) {
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
