//! Warnings for settings that are written under an old name. The catalog reads them under the present one.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::catalog::{Listed, Vocabulary};
use crate::diagnostics::{Diagnostic, Sink};
use crate::expand::Cell;
use crate::grid::Grid;
use crate::labelling::Candidate;
use crate::source::Span;

/// Keyword in the schema of an old name: the present name.
const RENAMED_TO: &str = "renamedTo";

/// Warns of each place with an old name, once for all variants that use it.
pub(crate) fn warn(
    grid: &Grid,
    vocabulary: &Vocabulary,
    cells: &[Cell<'_>],
    candidates: &[Candidate<'_>],
    sink: &mut Sink,
) {
    let models = renamed(&vocabulary.models);
    let data = renamed(&vocabulary.data);
    let mut found: BTreeMap<(usize, usize), (Span, String, String)> = BTreeMap::new();
    for candidate in candidates {
        let resolved = &candidate.resolved;
        for (block, name, all) in [("model", &resolved.model.name, &models), ("data", &resolved.data.name, &data)] {
            let Some(renames) = all.get(name.as_str()) else { continue };
            let Ok(settings) = cells[candidate.cell].settings(&candidate.choice) else { continue };
            for (old, new) in renames {
                if let Some(entry) = settings.child(block).and_then(|node| node.entry(old)) {
                    let span = entry.key_span;
                    found.insert((span.start, span.end), (span, (*old).to_owned(), (*new).to_owned()));
                }
            }
        }
    }
    for (span, old, new) in found.into_values() {
        let warning = Diagnostic::warning(format!("`{old}` was renamed to `{new}`")).at(&grid.source, span);
        sink.push(warning.help(format!("write `{new}`; a later version will refuse `{old}`")));
    }
}

/// Old and present names of settings, by the name of the entry. Entries without old names are left out.
fn renamed(listed: &[Listed]) -> BTreeMap<&str, Vec<(&str, &str)>> {
    let mut all = BTreeMap::new();
    for one in listed {
        let properties = one.settings.get("properties").and_then(Value::as_object);
        let renames: Vec<(&str, &str)> = properties
            .into_iter()
            .flatten()
            .filter_map(|(old, schema)| Some((old.as_str(), schema.get(RENAMED_TO)?.as_str()?)))
            .collect();
        if !renames.is_empty() {
            all.insert(one.name.as_str(), renames);
        }
    }
    all
}
