//! The common part of all entries: name, version and settings.

use std::any::type_name;
use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::params::{self, Problem};

/// A registered name with its settings type erased.
#[derive(Clone, Copy)]
pub struct Entry {
    /// Name in a grid.
    pub name: &'static str,
    /// Description in one line.
    pub about: &'static str,
    /// Version. It is raised when the same settings give another result.
    pub version: u32,
    /// Path of the settings type, with its crate.
    pub type_name: fn() -> &'static str,
    /// All settings with their defaults.
    pub defaults: fn() -> Value,
    /// JSON Schema of the settings.
    pub schema: fn() -> Value,
    /// Fills in the defaults. Refuses unknown keys and values of a wrong type.
    pub resolve: fn(&Value) -> Result<Value, Vec<Problem>>,
}

impl Entry {
    /// The entry of the settings type `C`.
    #[must_use]
    pub const fn of<C>(name: &'static str, about: &'static str, version: u32) -> Self
    where
        C: Default + Serialize + DeserializeOwned + JsonSchema,
    {
        Self {
            name,
            about,
            version,
            type_name: type_name::<C>,
            defaults: || to_value(&C::default()),
            schema: params::schema::<C>,
            resolve: |settings| Ok(to_value(&params::parse::<C>(settings)?)),
        }
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{} ({})", self.name, self.version, (self.type_name)())
    }
}

/// The settings as JSON.
///
/// # Panics
/// The settings have no JSON form, such as a map whose keys are not strings.
#[must_use]
pub fn to_value<C: Serialize>(config: &C) -> Value {
    serde_json::to_value(config).expect("settings are plain data")
}

/// Reads resolved settings.
///
/// # Errors
/// The first mistake, with its path.
pub fn read<C: Default + Serialize + DeserializeOwned>(settings: &Value) -> Result<C, Problem> {
    params::parse(settings).map_err(|mut problems| problems.swap_remove(0))
}
