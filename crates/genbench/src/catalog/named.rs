//! A name, or a block with a name.

use protocol::Problem;
use serde_json::{Map, Value};

/// Splits `{name: x, a: 1}` or a bare `x` into the name and the settings.
pub(super) fn named<'a>(
    written: &Value,
    what: &str,
    allowed: impl Iterator<Item = &'a str>,
) -> Result<(String, Value), Vec<Problem>> {
    match written {
        Value::String(name) => Ok((name.clone(), Value::Object(Map::new()))),
        Value::Object(map) => {
            let mut settings = map.clone();
            match settings.remove("name") {
                Some(Value::String(name)) => Ok((name, Value::Object(settings))),
                Some(_) => Err(vec![Problem::new("name", "expected a name")]),
                None => Err(vec![
                    Problem::new("", format!("the {what} has no `name`"))
                        .help(format!("one of {}", allowed.collect::<Vec<_>>().join(", "))),
                ]),
            }
        }
        Value::Null => Err(vec![
            Problem::new("", format!("no {what} is set"))
                .help(format!("one of {}", allowed.collect::<Vec<_>>().join(", "))),
        ]),
        _ => Err(vec![Problem::new("", format!("expected a {what}: its name, or settings with a `name`"))]),
    }
}

/// An unknown name stands in `name`, or is the block itself when written bare.
pub(super) fn at_name(problem: Problem) -> Vec<Problem> {
    vec![Problem { at_key: false, path: "name".into(), ..problem }]
}
