//! Removal of what identifies a machine: absolute paths and host names.

use protocol::text::portable;
use serde_json::Value;

use super::PackOptions;

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
        let short = if self.keep_paths { None } else { Some(portable(text)) };
        short.filter(|short| short != text)
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_are_shortened_in_every_text_of_a_record() {
        let mut value = json!({"path": "/home/me/x", "list": ["a", ["/home/me/y"]], "n": 1, "no": null});
        assert!(Anonymiser::default().paths(&mut value));
        assert_eq!(value, json!({"path": "…/x", "list": ["a", ["…/y"]], "n": 1, "no": null}));
        assert!(!Anonymiser::default().paths(&mut value), "a second time changes nothing");
        let kept = Anonymiser { keep_paths: true, ..Anonymiser::default() };
        assert!(!kept.paths(&mut json!("/home/me/x")));
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
}
