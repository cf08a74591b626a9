//! Interface of a data set, and its entry in the registry.

use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;

use protocol::registry::{Entry, to_value};
use protocol::{Problem, Registry, SettingChange, params};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{DataError, DataShape, Dataset};

/// Registry of the data sets.
pub type DataSets = Registry<DataEntry>;

/// Settings of a data set, from which it is described and loaded.
pub trait DataConfig: Default + Serialize + DeserializeOwned + JsonSchema + 'static {
    /// Name in a grid.
    const NAME: &'static str;
    /// Description in one line.
    const ABOUT: &'static str;
    /// Version. It is raised when the same settings give other images.
    const VERSION: u32 = 1;
    /// Settings that were renamed or added since the first release. Resolved settings leave out an added one while it has its
    /// default.
    const HISTORY: &'static [SettingChange] = &[];

    /// Resolves the data sets that these settings name. Settings with a [`crate::Nested`] call [`crate::Nested::resolve`]
    /// for each of them.
    ///
    /// # Errors
    /// All mistakes in the settings of nested data sets, with paths relative to these settings.
    fn resolve_nested(&mut self, _sets: &DataSets) -> Result<(), Vec<Problem>> {
        Ok(())
    }

    /// Describes the set without loading it. Planning calls this method.
    ///
    /// # Errors
    /// A setting is out of range, a file is missing, or the header of a file is wrong.
    fn describe(&self) -> Result<DataShape, DataError>;

    /// Loads or generates the set.
    ///
    /// # Errors
    /// As for [`DataConfig::describe`]; or a file is truncated or corrupt.
    fn load(&self) -> Result<Dataset, DataError>;

    /// Hash of the files of the set; empty for data that the settings define.
    ///
    /// # Errors
    /// A file cannot be read.
    fn hash(&self) -> Result<String, DataError> {
        Ok(String::new())
    }

    /// Files of the set, for messages; empty for data that the settings define.
    ///
    /// # Errors
    /// A folder cannot be read.
    fn files(&self) -> Result<Vec<PathBuf>, DataError> {
        Ok(Vec::new())
    }

    /// Interpretation of the files that neither their bytes nor the settings show, such as an orientation that their names
    /// imply; empty if there is none. It is part of a trial's identity.
    ///
    /// # Errors
    /// A folder cannot be read.
    fn reading(&self) -> Result<String, DataError> {
        Ok(String::new())
    }

    /// Dotted names of the settings that are paths of files or folders, relative to these settings. A grid resolves a
    /// relative path against the folder of the file that sets it. Settings with a [`crate::Nested`] add
    /// [`crate::Nested::path_settings`].
    fn path_settings(&self) -> Vec<String> {
        Vec::new()
    }
}

/// A [`DataConfig`] as an object, with all nested data sets resolved.
pub trait DataSource {
    /// All settings.
    fn settings(&self) -> Value;

    /// Calls [`DataConfig::describe`].
    ///
    /// # Errors
    /// As for [`DataConfig::describe`].
    fn describe(&self) -> Result<DataShape, DataError>;

    /// Calls [`DataConfig::load`].
    ///
    /// # Errors
    /// As for [`DataConfig::load`].
    fn load(&self) -> Result<Dataset, DataError>;

    /// Calls [`DataConfig::hash`].
    ///
    /// # Errors
    /// As for [`DataConfig::hash`].
    fn hash(&self) -> Result<String, DataError>;

    /// Calls [`DataConfig::files`].
    ///
    /// # Errors
    /// As for [`DataConfig::files`].
    fn files(&self) -> Result<Vec<PathBuf>, DataError>;

    /// Calls [`DataConfig::reading`].
    ///
    /// # Errors
    /// As for [`DataConfig::reading`].
    fn reading(&self) -> Result<String, DataError>;

    /// Calls [`DataConfig::path_settings`].
    fn path_settings(&self) -> Vec<String>;
}

/// Wrapper that implements [`DataSource`] for a settings type, so that no call is ambiguous where both traits are in scope.
pub(crate) struct Source<C>(pub(crate) C);

impl<C: DataConfig> DataSource for Source<C> {
    fn settings(&self) -> Value {
        resolved(&self.0)
    }

    fn describe(&self) -> Result<DataShape, DataError> {
        self.0.describe()
    }

    fn load(&self) -> Result<Dataset, DataError> {
        self.0.load()
    }

    fn hash(&self) -> Result<String, DataError> {
        self.0.hash()
    }

    fn files(&self) -> Result<Vec<PathBuf>, DataError> {
        self.0.files()
    }

    fn reading(&self) -> Result<String, DataError> {
        self.0.reading()
    }

    fn path_settings(&self) -> Vec<String> {
        self.0.path_settings()
    }
}

/// Function that opens a data set from its settings and the registry of data sets that the settings may name.
type Open = fn(&Value, &DataSets) -> Result<Arc<dyn DataSource>, Vec<Problem>>;

/// A [`DataConfig`] with its type erased.
#[derive(Clone, Copy, Debug)]
pub struct DataEntry {
    entry: Entry,
    /// Parses settings: fills in the defaults, resolves nested data sets, refuses unknown keys and wrong types.
    pub open: Open,
    /// Resolves settings as [`DataEntry::open`] does, and returns them.
    pub resolve: fn(&Value, &DataSets) -> Result<Value, Vec<Problem>>,
}

impl DataEntry {
    /// The entry of a settings type.
    #[must_use]
    pub const fn of<C: DataConfig>() -> Self {
        Self {
            entry: Entry::of::<C>(C::NAME, C::ABOUT, C::VERSION).with_history(C::HISTORY),
            open: |written, sets| Ok(Arc::new(Source(config::<C>(written, sets)?))),
            resolve: |written, sets| Ok(resolved(&config::<C>(written, sets)?)),
        }
    }
}

impl Deref for DataEntry {
    type Target = Entry;

    fn deref(&self) -> &Entry {
        &self.entry
    }
}

/// All settings as JSON, without the added ones of [`DataConfig::HISTORY`] that have their default.
pub(crate) fn resolved<C: DataConfig>(config: &C) -> Value {
    let mut settings = to_value(config);
    if let (Some(map), [_, ..]) = (settings.as_object_mut(), C::HISTORY) {
        let defaults = to_value(&C::default());
        let is_added =
            |key: &str| C::HISTORY.iter().any(|change| matches!(change, SettingChange::Added(name) if *name == key));
        map.retain(|key, value| !is_added(key) || defaults.get(key) != Some(value));
    }
    settings
}

fn config<C: DataConfig>(written: &Value, sets: &DataSets) -> Result<C, Vec<Problem>> {
    match params::parse::<C>(written) {
        Ok(mut config) => config.resolve_nested(sets).map(|()| config),
        Err(mut problems) => {
            problems.extend(nested_problems::<C>(written, &problems, sets));
            Err(problems)
        }
    }
}

/// Mistakes in nested settings that are not among those already found, so that all are reported at once.
fn nested_problems<C: DataConfig>(written: &Value, found: &[Problem], sets: &DataSets) -> Vec<Problem> {
    let refused = |key: &str| found.iter().any(|problem| problem.path.split('.').next() == Some(key));
    let rest: Map<String, Value> = written.as_object().cloned().unwrap_or_default();
    let rest = rest.into_iter().filter(|(key, _)| !refused(key)).collect();
    let nested = params::parse::<C>(&Value::Object(rest)).and_then(|mut config| config.resolve_nested(sets));
    nested.err().unwrap_or_default()
}
