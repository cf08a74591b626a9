//! The common part of all entries: name, version and settings.

use std::any::type_name;
use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::history::{SettingChange, first_form, present_names};
use crate::Meaning;
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
    /// Renamed and added settings.
    pub history: &'static [SettingChange],
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
            history: &[],
        }
    }

    /// The same entry with these changes of its settings since the first release.
    #[must_use]
    pub const fn with_history(self, history: &'static [SettingChange]) -> Self {
        Self { history, ..self }
    }

    /// The settings under their present names.
    ///
    /// # Errors
    /// A setting has its old and its new name.
    pub fn present_names(&self, settings: &Value) -> Result<Value, Problem> {
        present_names(self.history, settings)
    }

    /// The schema of the settings, with the old names of renamed ones: deprecated, and with the present name as `renamedTo`.
    #[must_use]
    pub fn schema_with_old_names(&self) -> Value {
        let mut schema = (self.schema)();
        for change in self.history {
            let SettingChange::Renamed { old, new } = change else { continue };
            let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else { continue };
            let mut property = properties.get(*new).cloned().unwrap_or_else(|| json!({}));
            property["description"] = json!(format!("Old name of `{new}`."));
            property["deprecated"] = json!(true);
            property["renamedTo"] = json!(new);
            properties.insert((*old).to_owned(), property);
        }
        schema
    }

    /// The meaning of resolved settings. `resolve` fills in defaults, or returns `None` for settings that it refuses.
    #[must_use]
    pub fn meaning(&self, config: &Value, resolve: &dyn Fn(&Value) -> Option<Value>) -> Meaning {
        let defaults = (self.defaults)();
        let first = first_form(self.history, config, &defaults);
        Meaning { first: (first != *config).then_some(first), ..Meaning::of(config, &defaults, resolve) }
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
