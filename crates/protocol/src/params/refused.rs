//! Every setting that a check refuses, from a check that tells one at a time.

use serde_json::Value;

use super::{Problem, mend};

/// What a check refuses.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// Every refusal, at most one of each setting.
    pub problems: Vec<Problem>,
    /// The settings with the default in place of each that was refused. What is wrong with the whole may be left.
    pub mended: Value,
}

/// What `check` says of `config`, again and again: each setting that it refuses is replaced by its default until
/// the rest passes, so that checks can stay as short as one `?` a setting. What is wrong with the whole, such as data
/// that do not fit, ends it, and so does a default that is refused beside what was written.
///
/// # Errors
/// What is refused.
pub fn every_refusal(
    config: &Value,
    defaults: &Value,
    check: impl Fn(&Value) -> Result<(), Problem>,
) -> Result<(), Refused> {
    let Err(mut problem) = check(config) else { return Ok(()) };
    let (mut problems, mut mended) = (Vec::new(), config.clone());
    loop {
        let changed = mend(&mut mended, defaults, &problem.path);
        problems.push(problem);
        if !changed {
            return Err(Refused { problems, mended });
        }
        problem = match check(&mended) {
            // A default is not what anyone wrote.
            Err(next) if at(&mended, &next.path) != at(defaults, &next.path) => next,
            _ => return Err(Refused { problems, mended }),
        };
    }
}

/// What stands at the first key of a path.
fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    value.get(path.split('.').next()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// `a` and `b` are positive; `b` is above `a`; `pair` has two items that are positive.
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

    fn told(a: i64, b: i64, pair: [i64; 2]) -> Vec<String> {
        let defaults = json!({"a": 1, "b": 5, "pair": [1, 1]});
        let refused = every_refusal(&json!({"a": a, "b": b, "pair": pair}), &defaults, check);
        refused.err().map_or(Vec::new(), |refused| refused.problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn settings_are_refused_all_at_once() {
        assert_eq!(told(2, 3, [1, 1]), [""; 0]);
        assert_eq!(told(0, 3, [1, 1]), ["a: too small"]);
        assert_eq!(told(0, -1, [3, 0]), ["a: too small", "b: too small", "pair.1: too small"]);
    }

    #[test]
    fn a_default_is_not_told() {
        assert_eq!(told(7, -1, [1, 1]), ["b: too small"], "the default of b is not above a, but nobody wrote it");
        assert_eq!(told(0, 1, [1, 1]), ["a: too small", "b: not above a"], "true once a is mended");
    }

    #[test]
    fn what_is_wrong_with_the_whole_is_the_end() {
        let whole = |_: &Value| Err(Problem::new("", "does not fit"));
        let refused = every_refusal(&json!({"a": 0}), &json!({"a": 1}), whole).unwrap_err();
        assert_eq!((refused.problems.len(), refused.mended), (1, json!({"a": 0})));
    }

    #[test]
    fn what_is_left_has_defaults_where_something_was_wrong() {
        let config = json!({"a": 0, "b": 7, "pair": [0, 2]});
        let mended = every_refusal(&config, &json!({"a": 1, "b": 5, "pair": [1, 1]}), check).unwrap_err().mended;
        assert_eq!(mended, json!({"a": 1, "b": 7, "pair": [1, 1]}));
    }
}
