//! All settings that a check refuses, although the check reports one at a time.

use serde_json::Value;

use super::{Problem, replace_by_default};

/// The settings that a check refuses.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// The problems, at most one per setting.
    pub problems: Vec<Problem>,
    /// The settings with a default for each refused one. A problem with the settings as a whole may remain.
    pub with_defaults: Value,
}

/// Runs `check` on `config` repeatedly: each refused setting is replaced by its default until the rest passes. Thus a
/// check can return its first problem with `?`. A problem with the settings as a whole, such as data that do not fit,
/// ends the search. So does a default that is refused together with the given settings.
///
/// # Errors
/// The refused settings.
pub fn every_refusal(
    config: &Value,
    defaults: &Value,
    check: impl Fn(&Value) -> Result<(), Problem>,
) -> Result<(), Refused> {
    let Err(mut problem) = check(config) else { return Ok(()) };
    let (mut problems, mut with_defaults) = (Vec::new(), config.clone());
    loop {
        let changed = replace_by_default(&mut with_defaults, defaults, &problem.path);
        problems.push(problem);
        if !changed {
            return Err(Refused { problems, with_defaults });
        }
        problem = match check(&with_defaults) {
            // A refused default is not a mistake of the user.
            Err(next) if at(&with_defaults, &next.path) != at(defaults, &next.path) => next,
            _ => return Err(Refused { problems, with_defaults }),
        };
    }
}

/// The value at the first key of a path.
fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    value.get(path.split('.').next()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Requires positive `a` and `b`, `b` above `a`, and two positive items of `pair`.
    fn check(config: &Value) -> Result<(), Problem> {
        let number = |path: &str| config[path].as_i64().expect("a number");
        for path in ["a", "b"] {
            if number(path) < 1 {
                return Err(Problem::new(path, "too small"));
            }
        }
        if let Some(index) = config["pair"].as_array().expect("a list").iter().position(|item| *item == 0) {
            return Err(Problem::new(format!("pair.{index}"), "too small"));
        }
        if number("b") <= number("a") {
            return Err(Problem::new("b", "not above a"));
        }
        Ok(())
    }

    fn problems(a: i64, b: i64, pair: [i64; 2]) -> Vec<String> {
        let defaults = json!({"a": 1, "b": 5, "pair": [1, 1]});
        let refused = every_refusal(&json!({"a": a, "b": b, "pair": pair}), &defaults, check);
        refused.err().map_or(Vec::new(), |refused| refused.problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn settings_are_refused_all_at_once() {
        assert_eq!(problems(2, 3, [1, 1]), [""; 0]);
        assert_eq!(problems(0, 3, [1, 1]), ["a: too small"]);
        assert_eq!(problems(0, -1, [3, 0]), ["a: too small", "b: too small", "pair.1: too small"]);
    }

    #[test]
    fn a_refused_default_is_not_reported() {
        assert_eq!(
            problems(7, -1, [1, 1]),
            ["b: too small"],
            "the default of b is not above a, but the user did not set it"
        );
        assert_eq!(problems(0, 1, [1, 1]), ["a: too small", "b: not above a"], "true with the default of a");
    }

    #[test]
    fn a_problem_of_the_whole_ends_the_search() {
        let whole = |_: &Value| Err(Problem::new("", "does not fit"));
        let refused = every_refusal(&json!({"a": 0}), &json!({"a": 1}), whole).unwrap_err();
        assert_eq!((refused.problems.len(), refused.with_defaults), (1, json!({"a": 0})));
    }

    #[test]
    fn refused_settings_get_their_defaults() {
        let config = json!({"a": 0, "b": 7, "pair": [0, 2]});
        let with_defaults =
            every_refusal(&config, &json!({"a": 1, "b": 5, "pair": [1, 1]}), check).unwrap_err().with_defaults;
        assert_eq!(with_defaults, json!({"a": 1, "b": 7, "pair": [1, 1]}));
    }
}
