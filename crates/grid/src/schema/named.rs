//! Blocks with a `name`: whose settings are those of what they name.

use serde_json::{Map, Value, json};

use crate::catalog::Listed;

/// A name, or a block whose settings depend on its `name`; `open` lets a block do without one, as a level
/// does that changes a setting of what a level around it names.
pub(super) fn named(listed: &[Listed], what: &str, open: bool) -> Value {
    let each = listed.iter().map(|one| json!({"const": one.name, "description": one.about}));
    let names = json!({"description": format!("The {what}'s name."), "anyOf": each.collect::<Vec<_>>()});
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
        "description": format!("A {what}: its name, or a block with its `name` and settings."),
        "type": ["string", "object"],
        "if": {"type": "string"},
        "then": names,
        "else": block,
    })
}

/// The settings of one of them, where it is the one that `key` names.
pub(super) fn when_named(one: &Listed, key: &str) -> Value {
    let settings = properties(&one.settings).cloned().unwrap_or_default();
    json!({
        "if": {"properties": {key: {"const": one.name}}, "required": [key]},
        "then": closed(settings, &[(key, json!({"description": one.about}))]),
    })
}

/// An object of these properties and no others.
pub(super) fn closed(mut properties: Map<String, Value>, more: &[(&str, Value)]) -> Value {
    properties.extend(more.iter().map(|(key, schema)| ((*key).to_owned(), schema.clone())));
    json!({"properties": properties, "additionalProperties": false})
}

/// Every setting that one of them has; where several have one of the same name, it may be any of theirs.
pub(super) fn union(listed: &[Listed]) -> Map<String, Value> {
    let mut kinds: Map<String, Value> = Map::new();
    for (name, key, schema) in listed
        .iter()
        .flat_map(|one| properties(&one.settings).into_iter().flatten().map(move |(k, s)| (&one.name, k, s)))
    {
        let mut schema = schema.clone();
        // Which default holds depends on the name.
        let text = schema.as_object_mut().map(|schema| (schema.remove("default"), schema.remove("description")).1);
        let about = text.flatten().and_then(|text| Some(format!("{name}: {}", text.as_str()?)));
        let known = kinds.entry(key.clone()).or_insert_with(|| json!({"anyOf": [], "description": ""}));
        if let Some(any) = known["anyOf"].as_array_mut().filter(|any| !any.contains(&schema)) {
            any.push(schema);
        }
        let told = known["description"].as_str().unwrap_or_default();
        known["description"] = [told, &about.unwrap_or_default()].join("\n").trim().to_owned().into();
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

/// The properties of an object's schema.
pub(super) fn properties(schema: &Value) -> Option<&Map<String, Value>> {
    schema.get("properties")?.as_object()
}
