//! Contents of the schema.

use genbench::Registry;
use serde_json::Value;

use crate::bench::Bench;

fn schema() -> Value {
    serde_json::from_str(&Bench::with("").genbench(&["schema"]).out).expect("JSON")
}

/// Returns the settings of a named entry in a definition.
fn settings<'a>(definition: &'a Value, name: &str) -> &'a Value {
    let clauses = definition["else"]["allOf"].as_array().expect("clauses");
    let of = |clause: &&Value| clause["if"]["properties"]["name"]["const"] == name;
    &clauses.iter().find(of).unwrap_or_else(|| panic!("no settings of {name}"))["then"]["properties"]
}

#[test]
fn every_entry_has_its_settings_with_descriptions_and_defaults() {
    let Registry { models, data, measures, facts, .. } = Registry::built_in();
    let schema = schema();
    assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
    let kinds = [
        ("model", models.iter().map(|entry| (entry.name, (entry.defaults)())).collect::<Vec<_>>()),
        ("data", data.iter().map(|entry| (entry.name, (entry.defaults)())).collect()),
    ];
    for (kind, entries) in kinds {
        for (name, defaults) in entries {
            let settings = settings(&schema["definitions"][kind], name);
            for (key, default) in defaults.as_object().expect("settings") {
                assert_eq!(&settings[key]["default"], default, "{kind} {name}: {key}");
                assert!(settings[key]["description"].is_string(), "{kind} {name}: {key} has no description");
            }
            let is_present = |setting: &&Value| setting["renamedTo"].is_null();
            let more = settings.as_object().map_or(0, |settings| settings.values().filter(is_present).count());
            assert_eq!(
                more,
                defaults.as_object().map_or(0, |all| all.len()) + 1,
                "{kind} {name}: its settings and the name"
            );
        }
    }
    let of_measures = &schema["definitions"]["measure"]["items"];
    for entry in &measures {
        let count = settings(of_measures, entry.name).as_object().map_or(0, |settings| settings.len());
        assert_eq!(count, (entry.defaults)().as_object().map_or(0, |all| all.len()) + 1, "{}", entry.name);
    }
    let of_facts = schema["definitions"]["fact"]["properties"]["fact"]["anyOf"].as_array().map_or(0, Vec::len);
    assert_eq!(of_facts, facts.iter().count());
}
