//! Rewording of serde's errors: the expected type, the value found, and the nearest name.

use super::{Problem, meant_number, meant_whole, unknown};

/// Prefix of an error text that holds the problems of a nested block.
const CARRIED: &str = "\u{1}problems\u{1}";

/// Packs the problems of a nested block into a text for serde's error, which can hold text only.
#[must_use]
pub fn carry(problems: &[Problem]) -> String {
    let list: Vec<_> = problems.iter().map(|one| (&one.path, &one.message, &one.help, one.at_key)).collect();
    format!("{CARRIED}{}", serde_json::to_string(&list).unwrap_or_default())
}

/// Problems in serde's `error` at `path`; mostly one.
pub(super) fn problems(path: &str, error: &str) -> Vec<Problem> {
    if let Some(carried) = error.strip_prefix(CARRIED).and_then(uncarried) {
        return carried.into_iter().map(|problem| problem.under(path)).collect();
    }
    vec![problem(path, error)]
}

/// Unpacks the problems that [`carry`] packed. `serde_json` may append a position to the text.
fn uncarried(text: &str) -> Option<Vec<Problem>> {
    type Packed = Vec<(String, String, Option<String>, bool)>;
    let packed: Packed = serde_json::Deserializer::from_str(text).into_iter().next()?.ok()?;
    Some(packed.into_iter().map(|(path, message, help, at_key)| Problem { path, message, help, at_key }).collect())
}

fn problem(path: &str, error: &str) -> Problem {
    if let Some((name, allowed)) = variant(error) {
        return Problem { at_key: false, ..unknown(path, name, allowed) };
    }
    let mismatch = error.strip_prefix("invalid type: ").or_else(|| error.strip_prefix("invalid value: "));
    match mismatch.and_then(|mismatch| mismatch.rsplit_once(", expected ")) {
        Some((found, expected)) => {
            let problem = Problem::new(path, format!("expected {}, found {}", type_name(expected), value(found)));
            Problem { help: advice(found, type_name(expected)), ..problem }
        }
        None => Problem::new(path, error),
    }
}

/// The name and the allowed names in "unknown variant `x`, expected one of `a`, `b`".
fn variant(error: &str) -> Option<(&str, Vec<&str>)> {
    let (name, rest) = error.strip_prefix("unknown variant `")?.split_once('`')?;
    let allowed = rest.split('`').skip(1).step_by(2).collect();
    Some((name, allowed))
}

/// Rewords a value in serde's form, such as "string \"x\"" or "floating point `1.5`".
fn value(found: &str) -> String {
    if let Some(text) = found.strip_prefix("string ") {
        return format!("the text {text}");
    }
    match found {
        "null" | "unit value" => "nothing".to_owned(),
        "map" => "a block of settings".to_owned(),
        "sequence" => "a list".to_owned(),
        other => other.split('`').nth(1).map_or_else(|| other.to_owned(), |value| format!("`{value}`")),
    }
}

/// Advice for a value in serde's form that is nearly of the expected type.
fn advice(found: &str, expected: &str) -> Option<String> {
    let text = found.strip_prefix("string \"").and_then(|text| text.strip_suffix('"'));
    let number = found.strip_prefix("floating point `").or_else(|| found.strip_prefix("integer `"));
    let number = number.and_then(|number| number.strip_suffix('`'));
    match expected {
        "true or false" => match text?.to_ascii_lowercase().as_str() {
            "yes" | "on" | "y" | "true" => Some("write `true`".to_owned()),
            "no" | "off" | "n" | "false" => Some("write `false`".to_owned()),
            _ => None,
        },
        "text" => number.or(found.starts_with("boolean").then_some("")).map(|_| "put it in quotes".to_owned()),
        _ if expected.contains("a whole number") => number_advice(text.or(number)?, meant_whole, text.is_some()),
        _ if expected.contains("a number") => number_advice(text?, meant_number, true),
        _ => None,
    }
}

/// Advice to write the number that is meant. A text that is the number itself was in quotes.
fn number_advice(found: &str, meant: fn(&str) -> Option<String>, text: bool) -> Option<String> {
    let number = meant(found).filter(|number| text || number != found)?;
    Some(if number == found { format!("write `{number}` without quotes") } else { format!("write `{number}`") })
}

/// Rewords a type in serde's form.
fn type_name(expected: &str) -> &str {
    match expected {
        "u8" => "a whole number from 0 to 255",
        "u16" => "a whole number from 0 to 65535",
        "u32" | "u64" | "usize" => "a whole number, 0 or more",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "a boolean" => "true or false",
        "a string" | "string or map" => "text",
        "a sequence" => "a list",
        other if other.starts_with("struct ") || other == "a map" => "a block of settings",
        other if other.starts_with("enum ") => "a name",
        other => other,
    }
}
