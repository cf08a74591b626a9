//! Every data set there is.

use std::any::type_name;

use protocol::{Problem, params};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{DataError, DataShape, Dataset, captions, cifar10, colour_digits, digits, domains, idx, puzzle, synthetic};

/// All data sets, in the order of the documentation.
pub const DATASETS: &[DataEntry] = &[
    DataEntry::of::<digits::Digits>(),
    DataEntry::of::<colour_digits::ColourDigits>(),
    DataEntry::of::<idx::Idx>(),
    DataEntry::of::<cifar10::Cifar10>(),
    DataEntry::of::<synthetic::Chain>(),
    DataEntry::of::<synthetic::Ising>(),
    DataEntry::of::<synthetic::Mesh>(),
    DataEntry::of::<synthetic::Mixture>(),
    DataEntry::of::<synthetic::LinearGaussian>(),
    DataEntry::of::<synthetic::GaussianMixture>(),
    DataEntry::of::<captions::CaptionedScenes>(),
    DataEntry::of::<puzzle::Puzzle>(),
    DataEntry::of::<domains::Domains>(),
];

/// A data set's settings, and how to get it from them.
pub trait DataConfig: Default + Serialize + DeserializeOwned + JsonSchema {
    /// The name in a grid.
    const NAME: &'static str;
    /// One line for the help.
    const ABOUT: &'static str;
    /// Raised when the same settings come to mean other images.
    const VERSION: u32 = 1;

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

/// A [`DataConfig`] with its type erased.
#[derive(Clone, Copy)]
pub struct DataEntry {
    /// The name in a grid.
    pub name: &'static str,
    /// One line for the help.
    pub about: &'static str,
    /// See [`DataConfig::VERSION`].
    pub version: u32,
    /// The settings type, for messages to developers.
    pub type_name: fn() -> &'static str,
    /// Every setting with its default.
    pub defaults: fn() -> Value,
    /// The shape of its settings, as JSON Schema: what stands in an editor beside them.
    pub schema: fn() -> Value,
    /// Fills in the defaults; refuses unknown keys and wrong types.
    pub resolve: fn(&Value) -> Result<Value, Vec<Problem>>,
    /// [`DataConfig::describe`] for resolved settings.
    pub describe: fn(&Value) -> Result<DataShape, DataError>,
    /// [`DataConfig::load`] for resolved settings.
    pub load: fn(&Value) -> Result<Dataset, DataError>,
    /// [`DataConfig::hash`] for resolved settings.
    pub hash: fn(&Value) -> Result<String, DataError>,
}

impl DataEntry {
    /// The entry of a settings type.
    #[must_use]
    pub const fn of<C: DataConfig>() -> Self {
        Self {
            name: C::NAME,
            about: C::ABOUT,
            version: C::VERSION,
            type_name: type_name::<C>,
            defaults: || to_value(&C::default()),
            schema: params::schema::<C>,
            resolve: |value| Ok(to_value(&params::parse::<C>(value)?)),
            describe: |value| read::<C>(value)?.describe(),
            load: |value| read::<C>(value)?.load(),
            hash: |value| read::<C>(value)?.hash(),
        }
    }
}

fn to_value<C: Serialize>(config: &C) -> Value {
    serde_json::to_value(config).expect("settings are plain data")
}

fn read<C: DataConfig>(value: &Value) -> Result<C, DataError> {
    params::parse(value)
        .map_err(|problems| DataError::Setting(problems.into_iter().next().expect("an error has at least one problem")))
}

/// The entry called `name`.
///
/// # Errors
/// There is none; the advice names the nearest.
pub fn find(name: &str) -> Result<&'static DataEntry, Problem> {
    DATASETS.iter().find(|entry| entry.name == name).ok_or_else(|| Problem {
        at_key: false,
        ..params::unknown("name", name, DATASETS.iter().map(|entry| entry.name))
    })
}
