//! The settings that are paths are declared by the data sets.

use data::built_in;
use serde_json::json;

fn declared(name: &str, settings: &serde_json::Value) -> Vec<String> {
    let sets = built_in();
    (sets.find(name).unwrap().open)(settings, &sets).ok().unwrap().path_settings()
}

#[test]
fn nested_sets_prefix_the_paths_of_their_inner_set() {
    assert_eq!(declared("idx", &json!({})), ["path"]);
    assert_eq!(declared("puzzle", &json!({"data": "idx"})), ["data.path"]);
    assert_eq!(declared("puzzle", &json!({"data": "digits"})), [""; 0]);
}

#[test]
fn every_declared_path_is_a_setting_and_every_setting_named_path_is_declared() {
    for entry in built_in().iter() {
        let defaults = (entry.defaults)();
        let paths = declared(entry.name, &json!({}));
        for path in &paths {
            let found = path.split('.').try_fold(&defaults, |value, key| value.get(key));
            assert!(found.is_some_and(serde_json::Value::is_string), "{}: {path}", entry.name);
        }
        assert_eq!(defaults.get("path").is_some(), paths.iter().any(|path| path == "path"), "{}", entry.name);
    }
}

#[test]
fn every_setting_that_is_a_data_set_passes_on_its_paths() {
    let mut nesting = 0;
    for entry in built_in().iter() {
        let schema = (entry.schema)();
        let is_data = |schema: &serde_json::Value| schema.to_string().contains("#/definitions/data");
        let properties = schema["properties"].as_object().into_iter().flatten();
        for (key, _) in properties.filter(|(_, schema)| is_data(schema)) {
            let settings = json!({key: {"name": "idx", "path": "files"}});
            assert_eq!(declared(entry.name, &settings), [format!("{key}.path")], "{}", entry.name);
            nesting += 1;
        }
    }
    assert!(nesting > 0, "a puzzle nests a data set");
}
