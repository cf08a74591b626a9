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
    let mut texts: Vec<String> = Vec::new();
    for shape in shapes {
        let fitting = bases.iter().filter(|base| (entry.check)(base, shape).is_ok());
        let ranges: Option<Vec<Range>> = fitting
            .map(|base| {
                let accepts = |value: Value| {
                    let mut settings = base.clone();
                    settings[name] = value;
                    (entry.check)(&settings, shape).is_ok()
                };
                match property["type"].as_str()? {
                    "integer" => Some(whole(base[name].as_u64()?, |value| accepts(json!(value)))),
                    "number" => Some(real(base[name].as_f64()?, |value| accepts(json!(value)))),
                    _ => None,
                }
            })
            .collect();
        let Some(ranges) = ranges else { return "see the meaning".to_owned() };
        if let Some(widest) = widest(ranges).filter(|range| !texts.contains(&range.text)) {
            texts.push(widest.text);
        }
    }
    match texts.as_slice() {
        [one] => one.clone(),
        _ => "depends on the image".to_owned(),
    }
}

/// A range of numbers.
#[derive(Debug, PartialEq)]
struct Range {
    text: String,
    /// Infinite without two ends.
    width: f64,
}

/// The widest range that has ends. Settings that do not use a number accept any; others may fix it.
fn widest(ranges: Vec<Range>) -> Option<Range> {
    let rank = |range: &Range| match range.width {
        0.0 => (0, 0.0),
        width if width.is_finite() => (3, width),
        _ => (if range.text == "any number" { 1 } else { 2 }, 0.0),
    };
    ranges.into_iter().max_by(|a, b| rank(a).partial_cmp(&rank(b)).expect("no NaN"))
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
fn whole(start: u64, accepts: impl Fn(u64) -> bool) -> Range {
    let least = (0..=start).find(|value| accepts(*value)).unwrap_or(start);
    if accepts(MOST) {
        return Range { text: format!("{least} or more"), width: f64::INFINITY };
    }
    let (mut inside, mut outside) = (start, MOST);
    while outside - inside > 1 {
        let middle = inside + (outside - inside) / 2;
        if accepts(middle) { inside = middle } else { outside = middle }
    }
    Range { text: format!("{least} to {inside}"), width: (inside - least) as f64 }
}

/// The range around `start` that is accepted, with ends of at most six digits.
fn real(start: f64, accepts: impl Fn(f64) -> bool) -> Range {
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
    let width = low.zip(high).map_or(f64::INFINITY, |(low, high)| high - low);
    let text = match (low, high, from, to) {
        (Some(low), Some(high), ..) if accepts(low) && accepts(high) => format!("{low} to {high}"),
        (_, _, Some(from), Some(to)) => format!("{from}, {to}"),
        (_, _, Some(one), None) | (_, _, None, Some(one)) => one,
        (_, _, None, None) => "any number".to_owned(),
    };
    Range { text, width }
}

#[test]
fn ranges_are_found_with_their_ends() {
    assert_eq!(whole(5, |value| (1..=64).contains(&value)), Range { text: "1 to 64".to_owned(), width: 63.0 });
    assert_eq!(whole(0, |_| true).text, "0 or more");
    assert_eq!(real(1e-3, |value| value > 0.0 && value <= 10.0).text, "above 0, at most 10");
    assert_eq!(real(0.0, |value| (0.0..1.0).contains(&value)).text, "0 or more, below 1");
    assert_eq!(real(0.5, |value| (0.0..=1.0).contains(&value)).text, "0 to 1");
    assert_eq!(real(1.0, |value| value >= 0.0).text, "0 or more");
    assert_eq!(choices(&json!({"anyOf": [{"enum": ["a"]}, {"type": "array"}]})), ["`a`", "a list"]);
}

#[test]
fn the_widest_range_with_ends_is_listed() {
    let range = |text: &str, width| Range { text: text.to_owned(), width };
    let one = |ranges: Vec<Range>| widest(ranges).expect("a range").text;
    assert_eq!(one(vec![range("1 to 1", 0.0), range("1 to 2", 1.0)]), "1 to 2");
    assert_eq!(one(vec![range("0 or more", f64::INFINITY), range("1 to 1000", 999.0)]), "1 to 1000");
    assert_eq!(one(vec![range("0 to 0", 0.0), range("0 or more", f64::INFINITY)]), "0 or more");
    assert_eq!(one(vec![range("any number", f64::INFINITY), range("0 or more", f64::INFINITY)]), "0 or more");
}
