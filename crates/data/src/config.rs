//! What a data set's file registers.

use std::ops::Deref;
use std::sync::Arc;

use protocol::registry::{Entry, to_value};
use protocol::{Problem, Registry, params};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{DataError, DataShape, Dataset};

/// The data sets that a grid can name.
pub type DataSets = Registry<DataEntry>;

/// A data set's settings, and how to get it from them.
pub trait DataConfig: Default + Serialize + DeserializeOwned + JsonSchema + 'static {
    /// The name in a grid.
    const NAME: &'static str;
    /// One line for the help.
    const ABOUT: &'static str;
    /// Raised when the same settings come to mean other images.
    const VERSION: u32 = 1;

    /// Looks up the data sets that these settings name. Settings with a [`crate::Nested`] call
    /// [`crate::Nested::resolve`] for each of them here.
    ///
    /// # Errors
    /// Every mistake in the settings of such a data set, with the path from here.
    fn resolve_nested(&mut self, _sets: &DataSets) -> Result<(), Vec<Problem>> {
        Ok(())
    }

    /// What the set offers, without loading it: planning calls this.
    ///
    /// # Errors
    /// A setting out of range, or a file that is missing or whose header is wrong.
    fn describe(&self) -> Result<DataShape, DataError>;

    /// Loads or generates the set.
    ///
    /// # Errors
    /// As [`DataConfig::describe`], or a file that is truncated or corrupt.
    fn load(&self) -> Result<Dataset, DataError>;

    /// The identity of the files behind it; empty for data that its settings define.
    ///
    /// # Errors
    /// A file that cannot be read.
    fn hash(&self) -> Result<String, DataError> {
        Ok(String::new())
    }
}

/// A [`DataConfig`] as an object, with all nested data sets resolved.
pub trait DataSource {
    /// Every setting.
    fn settings(&self) -> Value;

    /// See [`DataConfig::describe`].
    ///
    /// # Errors
    /// As there.
    fn describe(&self) -> Result<DataShape, DataError>;

    /// See [`DataConfig::load`].
    ///
    /// # Errors
    /// As there.
    fn load(&self) -> Result<Dataset, DataError>;

    /// See [`DataConfig::hash`].
    ///
    /// # Errors
    /// As there.
    fn hash(&self) -> Result<String, DataError>;
}

/// A settings type's [`DataSource`]: of its own, so that no call is ambiguous where both traits are in scope.
pub(crate) struct Source<C>(pub(crate) C);

impl<C: DataConfig> DataSource for Source<C> {
    fn settings(&self) -> Value {
        to_value(&self.0)
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
}

/// A data set from its settings, as written or resolved, and the sets that these may name.
type Open = fn(&Value, &DataSets) -> Result<Arc<dyn DataSource>, Vec<Problem>>;

/// A [`DataConfig`] with its type erased.
#[derive(Clone, Copy, Debug)]
pub struct DataEntry {
    entry: Entry,
    /// Reads settings: fills in the defaults, resolves nested data sets, refuses unknown keys and wrong types.
    pub open: Open,
    /// The settings that [`DataEntry::open`] makes of those written.
    pub resolve: fn(&Value, &DataSets) -> Result<Value, Vec<Problem>>,
}

impl DataEntry {
    /// The entry of a settings type.
    #[must_use]
    pub const fn of<C: DataConfig>() -> Self {
        Self {
            entry: Entry::of::<C>(C::NAME, C::ABOUT, C::VERSION),
            open: |written, sets| Ok(Arc::new(Source(config::<C>(written, sets)?))),
            resolve: |written, sets| Ok(to_value(&config::<C>(written, sets)?)),
        }
    }
}

impl Deref for DataEntry {
    type Target = Entry;

    fn deref(&self) -> &Entry {
        &self.entry
    }
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

/// The mistakes in nested settings beside those already found, so that all are reported at once.
fn nested_problems<C: DataConfig>(written: &Value, found: &[Problem], sets: &DataSets) -> Vec<Problem> {
    let refused = |key: &str| found.iter().any(|problem| problem.path.split('.').next() == Some(key));
    let rest: Map<String, Value> = written.as_object().cloned().unwrap_or_default();
    let rest = rest.into_iter().filter(|(key, _)| !refused(key)).collect();
    let nested = params::parse::<C>(&Value::Object(rest)).and_then(|mut config| config.resolve_nested(sets));
    nested.err().unwrap_or_default()
}
