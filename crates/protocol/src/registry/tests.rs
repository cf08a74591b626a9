//! Unique names, look-up of entries, and parsing of settings.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::*;

#[derive(Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
struct Plain {
    size: u32,
}

#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
struct Foreign {}

#[derive(Clone, Copy, Debug)]
struct Thing(Entry);

impl Deref for Thing {
    type Target = Entry;

    fn deref(&self) -> &Entry {
        &self.0
    }
}

fn things() -> Registry<Thing> {
    let entry = |name| Thing(Entry::of::<Plain>(name, "a thing", 2));
    Registry::of("thing", &[entry("square"), entry("circle")])
}

#[test]
fn entries_keep_their_order_and_are_found_by_name() {
    let mut things = things();
    things.insert(Thing(Entry::of::<Foreign>("arc", "", 1))).unwrap();
    assert_eq!(things.list(), "square, circle, arc");
    assert_eq!(things.find("circle").unwrap().version, 2);
    let problem = things.find("squares").unwrap_err();
    assert_eq!((problem.path.as_str(), problem.at_key), ("name", false));
    assert_eq!(problem.help.as_deref(), Some("did you mean `square`? Allowed: square, circle, arc"));
}

#[test]
fn a_duplicate_name_is_refused_and_the_message_names_both_types() {
    let mut things = things();
    let refused = things.insert(Thing(Entry::of::<Foreign>("circle", "", 1))).unwrap_err().to_string();
    assert!(refused.starts_with("the thing `circle` is registered twice: by `"), "{refused}");
    assert!(refused.contains("tests::Plain` and by `") && refused.ends_with("tests::Foreign`"), "{refused}");
    assert_eq!(things.list(), "square, circle");
}

#[test]
fn settings_are_filled_in_read_and_written() {
    let things = things();
    let entry = things.find("square").unwrap();
    assert_eq!((entry.defaults)(), json!({"size": 0}));
    assert_eq!((entry.resolve)(&json!({"size": 3})), Ok(json!({"size": 3})));
    assert_eq!((entry.resolve)(&json!({"siz": 3})).unwrap_err()[0].path, "siz");
    assert_eq!(read::<Plain>(&json!({"size": 3})), Ok(Plain { size: 3 }));
    assert_eq!(read::<Plain>(&json!({"size": -3})).unwrap_err().path, "size");
}
