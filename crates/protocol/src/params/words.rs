//! serde's words as ours: what was written, what is taken there, and the nearest name.

use super::{Problem, unknown};

/// What a problem's path is when the sentence of a nested block's own problem is carried along.
const CARRIED: &str = "\u{1}problems\u{1}";

/// Lets the problems of a nested block through serde's error, which holds text alone.
#[must_use]
pub fn carry(problems: &[Problem]) -> String {
    let list: Vec<_> = problems.iter().map(|one| (&one.path, &one.message, &one.help, one.at_key)).collect();
    format!("{CARRIED}{}", serde_json::to_string(&list).unwrap_or_default())
}

/// The problems that serde's `error` at `path` tells of: most often one.
pub(super) fn problems(path: &str, error: &str) -> Vec<Problem> {
    if let Some(carried) = error.strip_prefix(CARRIED).and_then(uncarried) {
        return carried.into_iter().map(|problem| problem.under(path)).collect();
    }
    vec![problem(path, error)]
}

/// What [`carry`] packed. Our own `serde_json` may add a place to the end of the text.
fn uncarried(text: &str) -> Option<Vec<Problem>> {
    type Packed = Vec<(String, String, Option<String>, bool)>;
    let packed: Packed = serde_json::Deserializer::from_str(text).into_iter().next()?.ok()?;
    Some(packed.into_iter().map(|(path, message, help, at_key)| Problem { path, message, help, at_key }).collect())
}

fn problem(path: &str, error: &str) -> Problem {
    if let Some((name, allowed)) = variant(error) {
        return Problem { at_key: false, ..unknown(path, name, allowed) };
    }
    let told = error.strip_prefix("invalid type: ").or_else(|| error.strip_prefix("invalid value: "));
    match told.and_then(|told| told.rsplit_once(", expected ")) {
        Some((found, expected)) => {
            let expected = taken(expected);
            Problem::new(path, format!("{} where {expected} is to stand", written(found)))
                .help(format!("write {expected}"))
        }
        None => Problem::new(path, error),
    }
}

/// The name and what is allowed of "unknown variant `x`, expected one of `a`, `b`".
fn variant(error: &str) -> Option<(&str, Vec<&str>)> {
    let (name, rest) = error.strip_prefix("unknown variant `")?.split_once('`')?;
    let allowed = rest.split('`').skip(1).step_by(2).collect();
    Some((name, allowed))
}

/// A value as serde shows it, such as "string \"x\"" or "floating point `1.5`".
fn written(found: &str) -> String {
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

/// A type as serde names it.
fn taken(expected: &str) -> &str {
    match expected {
        "u8" => "a whole number from 0 to 255",
        "u16" => "a whole number from 0 to 65535",
        "u32" | "u64" | "usize" => "a whole number from 0 upwards",
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
