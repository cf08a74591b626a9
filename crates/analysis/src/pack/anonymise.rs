//! Removal of what identifies a machine: absolute paths and host names.

use serde_json::Value;

use super::PackOptions;

/// Folders at the root of a file system. A single other word after a slash is no path: `images /s`.
const ROOTS: [&str; 14] =
    ["bin", "data", "etc", "home", "lib", "media", "mnt", "opt", "root", "scratch", "srv", "tmp", "usr", "var"];

/// Shortens absolute paths to their last component, and numbers machines in the order in which they are met.
#[derive(Debug, Default)]
pub(super) struct Anonymiser {
    keep_paths: bool,
    keep_hosts: bool,
    hosts: Vec<String>,
}

impl Anonymiser {
    pub(super) fn new(options: &PackOptions) -> Self {
        Self { keep_paths: options.paths, keep_hosts: options.host_names, hosts: Vec::new() }
    }

    /// Shortens the paths in a text; `None` if there are none.
    pub(super) fn text(&self, text: &str) -> Option<String> {
        if self.keep_paths { None } else { without_paths(text) }
    }

    /// Shortens the paths in every text of `value`. Returns whether it changed.
    pub(super) fn paths(&self, value: &mut Value) -> bool {
        match value {
            Value::String(text) => self.text(text).map(|short| *text = short).is_some(),
            // `|` instead of `any`: every element is changed.
            Value::Array(values) => values.iter_mut().fold(false, |changed, value| self.paths(value) | changed),
            Value::Object(fields) => fields.values_mut().fold(false, |changed, value| self.paths(value) | changed),
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
        }
    }

    /// Replaces the host name of an outcome by `machine N`. Returns whether it changed.
    pub(super) fn host(&mut self, outcome: &mut Value) -> bool {
        let Some(Value::String(name)) = outcome.pointer_mut("/host/name") else { return false };
        if self.keep_hosts || name.is_empty() {
            return false;
        }
        let known = self.hosts.iter().position(|host| host == name);
        let index = known.unwrap_or_else(|| {
            self.hosts.push(name.clone());
            self.hosts.len() - 1
        });
        let number = format!("machine {}", index + 1);
        let changed = *name != number;
        *name = number;
        changed
    }
}

/// Replaces each absolute path in a text by its last component; `None` if there is no path.
pub(super) fn without_paths(text: &str) -> Option<String> {
    let (mut short, mut copied, mut at) = (String::new(), 0, 0);
    while let Some(found) = text[at..].find('/') {
        let start = at + found;
        let before = text[..start].chars().next_back();
        let length = text[start..].find(ends_a_path).unwrap_or(text.len() - start);
        let path = &text[start..start + length];
        at = start + length;
        if before.is_some_and(continues_a_word) {
            continue;
        }
        if let Some(last) = last_of_absolute(path, before == Some(':')) {
            short += &text[copied..start];
            short += last;
            copied = at;
        }
    }
    (copied > 0).then(|| short + &text[copied..])
}

/// The last component of an absolute path; `None` if `path` is something else, such as `//host/file` after `https:`.
fn last_of_absolute(path: &str, after_colon: bool) -> Option<&str> {
    let is_url = after_colon && path.starts_with("//") && !path.starts_with("///");
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let is_path = parts.len() > 1 || parts.first().is_some_and(|part| ROOTS.contains(part));
    (is_path && !is_url).then(|| *parts.last().unwrap_or(&""))
}

fn ends_a_path(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '"' | '\'' | '`' | ',' | ';' | ':' | '(' | ')' | '[' | ']' | '{' | '}' | '<' | '>' | '|')
}

/// Returns whether a slash after this character belongs to a word, a relative path or a fraction.
fn continues_a_word(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(c, '.' | '_' | '-' | '~' | '$' | ')' | ']' | '}' | '%' | '*' | '+' | '^' | '<' | '\\')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_are_shortened_and_nothing_else() {
        for (text, expected) in [
            ("/home/me/mnist", "mnist"),
            ("/home/me/mnist/", "mnist"),
            ("/home/me/data/t10k.gz: No such file or directory", "t10k.gz: No such file or directory"),
            ("panicked at '/root/.cargo/registry/src/burn-0.22.1/lib.rs:10:5'", "panicked at 'lib.rs:10:5'"),
            ("[/a/b, \"/c/d\"]", "[b, \"d\"]"),
            ("path: /tmp", "path: tmp"),
            ("path=/data/x", "path=x"),
            ("file:///home/me/x", "file:x"),
            ("//home/me/x", "x"),
            ("first /a/b\nthen /c/d", "first b\nthen d"),
            ("/Users/josé/zahlen", "zahlen"),
        ] {
            assert_eq!(without_paths(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "",
            "/",
            "1/2",
            "images/s",
            "images / s",
            "images /s",
            "cache:mnist",
            "../data/mnist",
            "./data/mnist",
            "data/mnist",
            "~/data/mnist",
            "$HOME/data/mnist",
            "https://example.org/data/mnist",
            "p_d / (p_d + p_g)",
            "31 / 8,000 = 0.0039",
            "(a + b)/c/d",
        ] {
            assert_eq!(without_paths(text), None, "{text}");
        }
    }

    #[test]
    fn machines_are_numbered_in_order() {
        let mut anonymiser = Anonymiser::default();
        let mut number = |name: &str| {
            let mut outcome = json!({"host": {"name": name}, "n": 1.5});
            anonymiser.host(&mut outcome);
            assert_eq!(outcome["n"], json!(1.5));
            outcome["host"]["name"].as_str().unwrap().to_owned()
        };
        assert_eq!([number("b"), number("a"), number("b"), number("")], ["machine 1", "machine 2", "machine 1", ""]);
        // Names that a pack has already numbered stay.
        let mut again = Anonymiser::default();
        assert!(!again.host(&mut json!({"host": {"name": "machine 1"}})));
    }

    proptest! {
        #[test]
        fn shortened_texts_hold_no_path(text in "[ab/:. \"~(\n]{0,30}", before in "[ \"'(\n\\[]", name in "[a-z]{1,4}") {
            let text = format!("{text}{before}/home/me/{name}");
            let short = without_paths(&text).unwrap();
            prop_assert!(short.ends_with(&format!("{before}{name}")), "{:?} from {:?}", short, text);
            prop_assert_eq!(without_paths(&short), None, "{:?} from {:?}", short, text);
        }
    }
}
