//! Schemas of blocks with a `name`, which selects the allowed settings.

use serde_json::{Map, Value, json};

use crate::catalog::Listed;

/// Schema of a name, or of a block whose settings depend on its `name`. `open` allows a block without a name, which
/// changes settings of the model or data set that an outer level names.
pub(super) fn named(listed: &[Listed], what: &str, open: bool) -> Value {
    let each = listed.iter().map(|one| json!({"const": one.name, "description": one.about}));
    let names = json!({"description": format!("Name of the {what}."), "anyOf": each.collect::<Vec<_>>()});
    let mut block = json!({
        "properties": {"name": names},
        "allOf": listed.iter().map(|one| when_named(one, "name")).collect::<Vec<_>>(),
    });
    if open {
        let without = closed(union(listed), &[("name", json!({}))]);
        let clause = json!({"if": {"not": {"required": ["name"]}}, "then": without});
        block["allOf"].as_array_mut().expect("a list").push(clause);
    } else {
        block["required"] = json!(["name"]);
    }
    json!({
        "description": format!("A {what}: a name, or a block with `name` and settings."),
        "type": ["string", "object"],
        "if": {"type": "string"},
        "then": names,
        "else": block,
    })
}

/// Clause that applies the settings of `one` where `key` has its name.
pub(super) fn when_named(one: &Listed, key: &str) -> Value {
    let settings = properties(&one.settings).cloned().unwrap_or_default();
    json!({
        "if": {"properties": {key: {"const": one.name}}, "required": [key]},
        "then": closed(settings, &[(key, json!({"description": one.about}))]),
    })
}

/// Schema of an object with these properties and no others.
pub(super) fn closed(mut properties: Map<String, Value>, more: &[(&str, Value)]) -> Value {
    properties.extend(more.iter().map(|(key, schema)| ((*key).to_owned(), schema.clone())));
    json!({"properties": properties, "additionalProperties": false})
}

/// All settings of the listed entries. A setting of several entries may have the schema of any of them.
pub(super) fn union(listed: &[Listed]) -> Map<String, Value> {
    let mut kinds: Map<String, Value> = Map::new();
    for (name, key, schema) in listed
        .iter()
        .flat_map(|one| properties(&one.settings).into_iter().flatten().map(move |(k, s)| (&one.name, k, s)))
    {
        let mut schema = schema.clone();
        // The default depends on the name.
        let text = schema.as_object_mut().map(|schema| (schema.remove("default"), schema.remove("description")).1);
        let about = text.flatten().and_then(|text| Some(format!("{name}: {}", text.as_str()?)));
        let known = kinds.entry(key.clone()).or_insert_with(|| json!({"anyOf": [], "description": ""}));
        if let Some(any) = known["anyOf"].as_array_mut().filter(|any| !any.contains(&schema)) {
            any.push(schema);
        }
        let earlier = known["description"].as_str().unwrap_or_default();
        known["description"] = [earlier, &about.unwrap_or_default()].join("\n").trim().to_owned().into();
    }
    for schema in kinds.values_mut() {
        if let Some([only]) = schema["anyOf"].as_array().map(Vec::as_slice) {
            let mut only = only.clone();
            only["description"] = schema["description"].clone();
            *schema = only;
        }
    }
    kinds
}

/// Properties of the schema of an object.
pub(super) fn properties(schema: &Value) -> Option<&Map<String, Value>> {
    schema.get("properties")?.as_object()
}
