//! The values that the schema of a setting allows, in words.

use serde_json::{Value, json};

/// Choices or range of a setting, from its schema.
pub(super) fn allowed(property: &Value) -> String {
    let mut choices: Vec<String> = choices(property).iter().map(shown).collect();
    if takes_a_list(property) {
        choices.push("a list".to_owned());
    }
    if choices.is_empty() { range(property) } else { choices.join(", ") }
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| format!("`{value}`"), |text| format!("`{text}`"))
}

/// The values that a schema lists.
pub(crate) fn choices(schema: &Value) -> Vec<Value> {
    if schema["type"] == "boolean" {
        return vec![json!(true), json!(false)];
    }
    let list = |key: &str| schema[key].as_array().cloned().unwrap_or_default();
    let own = list("enum").into_iter().chain(schema.get("const").cloned());
    let alternatives = ["anyOf", "oneOf"].into_iter().flat_map(list);
    own.chain(alternatives.flat_map(|alternative| choices(&alternative))).collect()
}

/// Returns whether a schema allows a list.
pub(super) fn takes_a_list(schema: &Value) -> bool {
    let alternatives = schema["anyOf"].as_array().cloned().unwrap_or_default();
    schema["type"] == "array" || alternatives.iter().any(takes_a_list)
}

fn range(schema: &Value) -> String {
    let bound = |key: &str| schema.get(key).map(number);
    let words = match (bound("minimum"), bound("maximum"), bound("exclusiveMinimum"), bound("exclusiveMaximum")) {
        (Some(from), Some(to), None, None) => format!("{from} to {to}"),
        (Some(from), None, None, None) => format!("{from} or more"),
        (Some(from), None, None, Some(to)) => format!("{from} or more, below {to}"),
        (None, Some(to), Some(from), None) => format!("above {from}, at most {to}"),
        (None, None, Some(from), Some(to)) => format!("above {from}, below {to}"),
        (None, None, Some(from), None) => format!("above {from}"),
        (None, None, None, None) => "any number".to_owned(),
        _ => panic!("no words for the range of {schema}"),
    };
    match schema["not"].as_object().and_then(|not| not.iter().next()) {
        None => words,
        Some((key, step)) if key == "multipleOf" && *step == json!(2) => format!("odd, {words}"),
        Some((key, value)) if key == "const" => format!("{words}, not {}", number(value)),
        Some(other) => panic!("no words for the exception {other:?}"),
    }
}

/// A number with commas between thousands.
fn number(value: &Value) -> String {
    let text = value.as_f64().expect("a number").to_string();
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut grouped = String::new();
    for (at, digit) in whole.char_indices() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + rest
}

#[test]
fn ranges_and_choices_have_words() {
    let cases = [
        (json!({"type": "integer", "minimum": 1, "maximum": 65_536}), "1 to 65,536"),
        (json!({"type": "integer", "minimum": 0}), "0 or more"),
        (json!({"minimum": 3, "maximum": 63, "not": {"multipleOf": 2}}), "odd, 3 to 63"),
        (json!({"minimum": 0, "maximum": 1_000, "not": {"const": 1}}), "0 to 1,000, not 1"),
        (json!({"exclusiveMinimum": 0, "maximum": 10}), "above 0, at most 10"),
        (json!({"minimum": 0, "exclusiveMaximum": 1}), "0 or more, below 1"),
        (json!({"exclusiveMinimum": 0.001, "exclusiveMaximum": 1_000}), "above 0.001, below 1,000"),
        (json!({"anyOf": [{"enum": ["a"]}, {"type": "array"}]}), "`a`, a list"),
        (json!({"oneOf": [{"const": "a"}, {"const": "b"}]}), "`a`, `b`"),
        (json!({"type": "boolean"}), "`true`, `false`"),
    ];
    for (schema, words) in cases {
        assert_eq!(allowed(&schema), words, "{schema}");
    }
}
