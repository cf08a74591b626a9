//! The values that a model's check allows for a setting.

use data::DataShape;
use engine::ModelEntry;
use serde_json::{Value, json};

/// Largest whole number that is tried.
const MOST: u64 = 1 << 40;

/// Choices from the schema, or the range of numbers that the model's check accepts.
pub(super) fn allowed<'s>(
    entry: &ModelEntry,
    name: &str,
    property: &Value,
    shapes: impl Iterator<Item = &'s DataShape>,
) -> String {
    let choices = choices(property);
    if !choices.is_empty() {
        return choices.join(", ");
    }
    // Settings in which `name` may be in use: the defaults and the kinds for the laws.
    let bases: Vec<Value> = [(entry.defaults)()].into_iter().chain((entry.tiny)()).collect();
    let mut ranges: Vec<String> = Vec::new();
    for shape in shapes {
        let fitting: Vec<&Value> = bases.iter().filter(|base| (entry.check)(base, shape).is_ok()).collect();
        if fitting.is_empty() {
            continue;
        }
        let accepts = |value: Value| {
            fitting.iter().all(|base| {
                let mut settings = (*base).clone();
                settings[name] = value.clone();
                (entry.check)(&settings, shape).is_ok()
            })
        };
        let start = fitting[0][name].clone();
        let range = match (property["type"].as_str(), start) {
            (Some("integer"), Value::Number(start)) => {
                whole(start.as_u64().unwrap_or(0), |value| accepts(json!(value)))
            }
            (Some("number"), Value::Number(start)) => {
                real(start.as_f64().unwrap_or(0.0), |value| accepts(json!(value)))
            }
            _ => return "see the meaning".to_owned(),
        };
        if !ranges.contains(&range) {
            ranges.push(range);
        }
    }
    match ranges.as_slice() {
        [one] => one.clone(),
        _ => "depends on the image".to_owned(),
    }
}

/// The values that a schema lists.
fn choices(schema: &Value) -> Vec<String> {
    if schema["type"] == "boolean" {
        return vec!["`true`".to_owned(), "`false`".to_owned()];
    }
    let list = |key: &str| schema[key].as_array().cloned().unwrap_or_default();
    let shown = |value: &Value| value.as_str().map_or_else(|| format!("`{value}`"), |text| format!("`{text}`"));
    let mut all: Vec<String> = list("enum").iter().chain(schema.get("const")).map(shown).collect();
    for alternative in ["anyOf", "oneOf"].into_iter().flat_map(list) {
        match alternative["type"].as_str() {
            Some("array") => all.push("a list".to_owned()),
            Some("null") => all.push("`null`".to_owned()),
            _ => all.extend(choices(&alternative)),
        }
    }
    all
}

/// The range around `start` that is accepted.
fn whole(start: u64, accepts: impl Fn(u64) -> bool) -> String {
    let least = (0..=start).find(|value| accepts(*value)).unwrap_or(start);
    if accepts(MOST) {
        return format!("{least} or more");
    }
    let (mut inside, mut outside) = (start, MOST);
    while outside - inside > 1 {
        let middle = inside + (outside - inside) / 2;
        if accepts(middle) { inside = middle } else { outside = middle }
    }
    format!("{least} to {inside}")
}

/// The range around `start` that is accepted, with ends of at most six digits.
fn real(start: f64, accepts: impl Fn(f64) -> bool) -> String {
    let end = |far: f64| {
        let (mut inside, mut outside) = (start, far);
        for _ in 0..200 {
            let middle = inside + (outside - inside) / 2.0;
            if accepts(middle) { inside = middle } else { outside = middle }
        }
        let rounded: f64 = format!("{inside:.5e}").parse().expect("a number");
        if rounded.abs() < 1e-30 { 0.0 } else { rounded }
    };
    let low = if accepts(-1e12) { None } else { Some(end(-1e12)) };
    let high = if accepts(1e12) { None } else { Some(end(1e12)) };
    let from = low.map(|low| if accepts(low) { format!("{low} or more") } else { format!("above {low}") });
    let to = high.map(|high| if accepts(high) { format!("at most {high}") } else { format!("below {high}") });
    match (low, high, from, to) {
        (Some(low), Some(high), ..) if accepts(low) && accepts(high) => format!("{low} to {high}"),
        (_, _, Some(from), Some(to)) => format!("{from}, {to}"),
        (_, _, Some(one), None) | (_, _, None, Some(one)) => one,
        (_, _, None, None) => "any number".to_owned(),
    }
}

#[test]
fn ranges_are_found_with_their_ends() {
    assert_eq!(whole(5, |value| (1..=64).contains(&value)), "1 to 64");
    assert_eq!(whole(0, |_| true), "0 or more");
    assert_eq!(real(1e-3, |value| value > 0.0 && value <= 10.0), "above 0, at most 10");
    assert_eq!(real(0.0, |value| (0.0..1.0).contains(&value)), "0 or more, below 1");
    assert_eq!(real(0.5, |value| (0.0..=1.0).contains(&value)), "0 to 1");
    assert_eq!(real(1.0, |value| value >= 0.0), "0 or more");
    assert_eq!(choices(&json!({"anyOf": [{"enum": ["a"]}, {"type": "array"}]})), ["`a`", "a list"]);
}
