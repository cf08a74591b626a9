//! A data set inside another one's settings: `{name: digits, hold_out: 3}`, or its name alone.

use std::borrow::Cow;

use protocol::{Problem, params};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value};

use crate::{DataEntry, DataError, DataShape, Dataset, registry};

/// A data set by its name and resolved settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nested {
    name: String,
    settings: Value,
}

impl Nested {
    /// The set called `name` as it comes.
    ///
    /// # Errors
    /// There is no such set.
    pub fn named(name: &str) -> Result<Self, Problem> {
        let entry = registry::find(name)?;
        Ok(Self { name: name.to_owned(), settings: (entry.defaults)() })
    }

    /// The value of one of its settings.
    #[must_use]
    pub fn setting(&self, name: &str) -> Option<&Value> {
        self.settings.get(name)
    }

    fn entry(&self) -> Result<&'static DataEntry, DataError> {
        Ok(registry::find(&self.name)?)
    }

    /// See [`crate::DataConfig::describe`].
    ///
    /// # Errors
    /// As there, as seen from the block that holds this one.
    pub fn describe(&self) -> Result<DataShape, DataError> {
        (self.entry()?.describe)(&self.settings).map_err(inside)
    }

    /// See [`crate::DataConfig::load`].
    ///
    /// # Errors
    /// As there, as seen from the block that holds this one.
    pub fn load(&self) -> Result<Dataset, DataError> {
        (self.entry()?.load)(&self.settings).map_err(inside)
    }

    /// The identity of the set: its name, its version and its files.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn hash(&self) -> Result<String, DataError> {
        let entry = self.entry()?;
        Ok(format!("{}/{}/{}", self.name, entry.version, (entry.hash)(&self.settings).map_err(inside)?))
    }
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

    /// Whatever stands at `data` in a grid, whose schema has a definition of that name.
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"$ref": "#/definitions/data"})
    }
}

impl Serialize for Nested {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut all = Map::from_iter([("name".to_owned(), Value::from(self.name.as_str()))]);
        all.extend(self.settings.as_object().cloned().unwrap_or_default());
        all.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Nested {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let told = |problems: &[Problem]| de::Error::custom(params::carry(problems));
        let (name, settings) = match Value::deserialize(deserializer)? {
            Value::String(name) => (name, Value::Null),
            Value::Object(mut all) => match all.remove("name") {
                Some(Value::String(name)) => (name, Value::Object(all)),
                _ => {
                    let names = registry::DATASETS.iter().map(|entry| entry.name);
                    let help = format!("one of {}", names.collect::<Vec<_>>().join(", "));
                    return Err(told(&[Problem::new("", "the data set has no `name`").help(help)]));
                }
            },
            other => return Err(de::Error::custom(format!("{other} is no data set; a name or a block with one"))),
        };
        let entry = registry::find(&name).map_err(|problem| told(&[problem]))?;
        let settings = (entry.resolve)(&settings).map_err(|problems| told(&problems))?;
        Ok(Self { name, settings })
    }
}
