//! Ordering in settings: a name or a list of pixel numbers.

use std::borrow::Cow;

use protocol::{Problem, params};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{ORDERINGS, Ordering};

impl JsonSchema for Ordering {
    fn schema_name() -> Cow<'static, str> {
        "Ordering".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"anyOf": [{"enum": ORDERINGS}, {"type": "array", "items": {"type": "integer", "minimum": 0}}]})
    }
}

/// Schema of the orderings that [`Ordering::check_walk`] accepts, for the attribute `schema_with` of schemars.
#[must_use]
pub fn walk_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"enum": ORDERINGS[..3]})
}

impl Serialize for Ordering {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Listed(listed) => listed.serialize(serializer),
            named => serializer.serialize_str(named.name().unwrap_or_default()),
        }
    }
}

impl<'de> Deserialize<'de> for Ordering {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Ordering;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}, or a list of pixel numbers", ORDERINGS.join(", "))
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<Ordering, E> {
                Ordering::named(name).ok_or_else(|| {
                    let unknown = params::unknown("", name, ORDERINGS);
                    E::custom(params::carry(&[Problem { at_key: false, ..unknown }]))
                })
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Ordering, A::Error> {
                let mut listed = Vec::new();
                while let Some(pixel) = seq.next_element()? {
                    listed.push(pixel);
                }
                Ok(Ordering::Listed(listed))
            }
        }
        deserializer.deserialize_any(Read)
    }
}
