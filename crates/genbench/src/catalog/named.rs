//! Names of entries in a grid: a bare name, or settings with a `name`.

use std::ops::Deref;

use protocol::{Entry, Problem, Registry};
use serde_json::{Map, Value};

/// Splits `{name: x, a: 1}` or a bare `x` into its name and its settings.
pub(super) fn named<E: Deref<Target = Entry>>(
    written: &Value,
    registry: &Registry<E>,
) -> Result<(String, Value), Vec<Problem>> {
    let what = registry.kind();
    match written {
        Value::String(name) => Ok((name.clone(), Value::Object(Map::new()))),
        Value::Object(map) => {
            let mut settings = map.clone();
            match settings.remove("name") {
                Some(Value::String(name)) => Ok((name, Value::Object(settings))),
                Some(_) => Err(vec![Problem::new("name", "expected a name")]),
                None => Err(vec![
                    Problem::new("", format!("the {what} has no `name`")).help(format!("one of {}", registry.list())),
                ]),
            }
        }
        Value::Null => {
            Err(vec![Problem::new("", format!("no {what} is set")).help(format!("one of {}", registry.list()))])
        }
        _ => Err(vec![Problem::new("", format!("expected a {what}: its name, or settings with a `name`"))]),
    }
}
