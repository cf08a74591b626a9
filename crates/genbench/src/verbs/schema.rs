//! `schema`: the JSON Schema of grids, for editors.

use std::io::Write;

use grid::Catalog;
use protocol::exit;

use crate::catalog::RegistryCatalog;
use crate::failure::Failure;
use crate::output;
use crate::registry::Registry;

/// Prints the JSON Schema of a grid.
pub(crate) fn schema(registry: &Registry) -> Result<u8, Failure> {
    let schema = grid::schema(&RegistryCatalog::new(registry).vocabulary());
    let mut out = output::stdout();
    writeln!(out, "{schema:#}")?;
    out.flush()?;
    Ok(exit::DONE)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::refused_phrases::found;

    /// Refused phrases in all texts of a JSON value, each with the JSON pointer of its text.
    fn phrases(value: &Value, pointer: &str) -> Vec<String> {
        match value {
            Value::String(text) => found(pointer, text),
            Value::Array(items) => {
                items.iter().enumerate().flat_map(|(at, item)| phrases(item, &format!("{pointer}/{at}"))).collect()
            }
            Value::Object(map) => {
                map.iter().flat_map(|(key, value)| phrases(value, &format!("{pointer}/{key}"))).collect()
            }
            _ => Vec::new(),
        }
    }

    #[test]
    fn the_schema_and_the_lists_are_free_of_refused_phrases() {
        let registry = Registry::built_in();
        let mut hits = phrases(&grid::schema(&RegistryCatalog::new(&registry).vocabulary()), "");
        for kind in ["models", "data", "measures", "facts"] {
            for (name, about, _) in registry.list(kind).expect("a kind of entries") {
                hits.extend(found(&format!("genbench list {kind}, {name}"), about));
            }
        }
        assert!(hits.is_empty(), "write these another way (CONTRIBUTING.md, Style):\n{}", hits.join("\n"));
    }

    #[test]
    fn a_refused_phrase_is_found_at_every_depth() {
        let schema = serde_json::json!({"properties": [{"description": "What it was, and what it was told."}]});
        assert_eq!(phrases(&schema, ""), ["/properties/0/description:1: `what it was told`"]);
    }
}
