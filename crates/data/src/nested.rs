//! A data set in the settings of another one: `{name: digits, hold_out: 3}`, or a name only.

use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use protocol::Problem;
use protocol::params::join;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::check::refused;
use crate::config::{Source, resolved};
use crate::{DataConfig, DataError, DataSets, DataShape, DataSource, Dataset};

/// A data set by its name and settings. [`DataConfig::resolve_nested`] of the outer settings resolves it.
#[derive(Clone)]
pub struct Nested {
    /// As in the grid; after resolution, a block with the `name` and all settings.
    block: Value,
    set: Option<Set>,
}

/// The resolved data set.
#[derive(Clone)]
struct Set {
    version: u32,
    source: Arc<dyn DataSource>,
}

impl Nested {
    /// The resolved data set of `C` with its defaults.
    #[must_use]
    pub fn of<C: DataConfig>() -> Self {
        let config = C::default();
        let block = block(C::NAME, &resolved(&config));
        Self { block, set: Some(Set { version: C::VERSION, source: Arc::new(Source(config)) }) }
    }

    /// Finds the name in `sets` and fills in all settings.
    ///
    /// # Errors
    /// The name is missing or not in `sets`; or all mistakes in the settings.
    pub fn resolve(&mut self, sets: &DataSets) -> Result<(), Vec<Problem>> {
        let (name, settings) = match &self.block {
            Value::String(name) => (name.clone(), Value::Null),
            Value::Object(all) => match all.get("name") {
                Some(Value::String(name)) => (name.clone(), without_name(all)),
                _ => {
                    let help = format!("allowed names: {}", sets.list());
                    return Err(vec![Problem::new("", "the data set has no `name`").help(help)]);
                }
            },
            other => {
                let message = format!("expected the name of a data set or a block with a `name`, found {other}");
                return Err(vec![Problem::new("", message)]);
            }
        };
        let entry = sets.find(&name).map_err(|problem| vec![problem])?;
        let settings = entry.present_names(&settings).map_err(|problem| vec![problem])?;
        let source = (entry.open)(&settings, sets)?;
        self.block = block(&name, &source.settings());
        self.set = Some(Set { version: entry.version, source });
        Ok(())
    }

    /// The value of a setting.
    #[must_use]
    pub fn setting(&self, name: &str) -> Option<&Value> {
        self.block.get(name)
    }

    /// Refuses a set whose training pixels are drawn anew for every batch: `because` they then differ from what the outer
    /// set derives from them.
    pub(crate) fn refuse_dynamic(&self, because: &str) -> Result<(), DataError> {
        match self.setting("binarize").is_some_and(|mode| mode == "dynamic") {
            false => Ok(()),
            true => Err(refused(
                "data",
                format!("with dynamic binarization the pixels of a batch would differ from {because}"),
                "`binarize` as none, threshold or static",
            )),
        }
    }

    fn set(&self) -> Result<&Set, DataError> {
        let missing =
            || Problem::new("data", "not resolved: `DataConfig::resolve_nested` does not resolve this data set");
        self.set.as_ref().ok_or_else(|| missing().into())
    }

    /// Calls [`DataConfig::describe`] of the data set.
    ///
    /// # Errors
    /// As for [`DataConfig::describe`], with paths relative to the outer block.
    pub fn describe(&self) -> Result<DataShape, DataError> {
        self.set()?.source.describe().map_err(inside)
    }

    /// Calls [`DataConfig::load`] of the data set.
    ///
    /// # Errors
    /// As for [`DataConfig::load`], with paths relative to the outer block.
    pub fn load(&self) -> Result<Dataset, DataError> {
        let data = self.set()?.source.load().map_err(inside)?;
        let files_hash = data.files_hash.as_deref().map(|files| self.identity(files)).transpose()?;
        Ok(Dataset { files_hash, ..data })
    }

    /// Identity of the set: its name, its version and the hash of its files.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn hash(&self) -> Result<String, DataError> {
        self.identity(&self.set()?.source.hash().map_err(inside)?)
    }

    /// Calls [`DataConfig::files`] of the data set.
    ///
    /// # Errors
    /// As for [`DataConfig::files`].
    pub fn files(&self) -> Result<Vec<PathBuf>, DataError> {
        self.set()?.source.files().map_err(inside)
    }

    /// Calls [`DataConfig::reading`] of the data set.
    ///
    /// # Errors
    /// As for [`DataConfig::reading`].
    pub fn reading(&self) -> Result<String, DataError> {
        self.set()?.source.reading().map_err(inside)
    }

    fn identity(&self, files: &str) -> Result<String, DataError> {
        let name = self.block["name"].as_str().unwrap_or_default();
        Ok(format!("{name}/{}/{files}", self.set()?.version))
    }

    /// Dotted names of the settings that are paths, under `key`, the setting of the outer block that holds this data
    /// set. Empty before resolution.
    #[must_use]
    pub fn path_settings(&self, key: &str) -> Vec<String> {
        let inner = self.set.as_ref().map(|set| set.source.path_settings()).unwrap_or_default();
        inner.iter().map(|path| join(key, path)).collect()
    }
}

fn block(name: &str, settings: &Value) -> Value {
    let mut all = Map::from_iter([("name".to_owned(), Value::from(name))]);
    all.extend(settings.as_object().cloned().unwrap_or_default());
    Value::Object(all)
}

fn without_name(block: &Map<String, Value>) -> Value {
    Value::Object(block.iter().filter(|(key, _)| *key != "name").map(|(k, v)| (k.clone(), v.clone())).collect())
}

fn inside(error: DataError) -> DataError {
    match error {
        DataError::Setting(problem) => DataError::Setting(problem.under("data")),
        other => other,
    }
}

impl JsonSchema for Nested {
    fn schema_name() -> Cow<'static, str> {
        "Nested".into()
    }

    /// A reference to the definition `data` in the schema of a grid.
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"$ref": "#/definitions/data"})
    }
}

impl fmt::Debug for Nested {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.block)
    }
}

impl PartialEq for Nested {
    fn eq(&self, other: &Self) -> bool {
        self.block == other.block
    }
}

impl Eq for Nested {}

impl Serialize for Nested {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.block.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Nested {
    /// Accepts any value; [`Nested::resolve`] checks it.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self { block: Value::deserialize(deserializer)?, set: None })
    }
}
