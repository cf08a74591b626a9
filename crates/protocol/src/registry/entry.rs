//! The part that all kinds of entries share: a name, a version, and the settings.

use std::any::type_name;
use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::params::{self, Problem};

/// A settings type with its name and its type erased.
#[derive(Clone, Copy)]
pub struct Entry {
    /// The name in a grid.
    pub name: &'static str,
    /// One line for the help.
    pub about: &'static str,
    /// The version: raised when the same settings come to mean something else.
    pub version: u32,
    /// The path of the settings type, which names the crate.
    pub type_name: fn() -> &'static str,
    /// Every setting with its default.
    pub defaults: fn() -> Value,
    /// The settings as JSON Schema, for editors.
    pub schema: fn() -> Value,
    /// Fills in the defaults; refuses unknown keys and wrong types.
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
            resolve: |written| Ok(to_value(&params::parse::<C>(written)?)),
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
/// The settings have no JSON form, such as a map whose keys are no strings.
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
