//! Annotations of GitHub Actions: workflow commands at the variant's line of the grid.

use protocol::text::escape;

use super::super::finding::VariantFinding;
use super::super::outcome::{Gate, GateResult};
use super::text::totals;

/// Largest number of annotations: GitHub shows ten errors and ten warnings of a step.
const MOST: usize = 10;

pub(super) fn annotations(gate: &Gate) -> String {
    let rows = gate.rows();
    let of_variant = |variant: &VariantFinding| {
        let level = match variant.result() {
            GateResult::Worse => "error",
            GateResult::Stale | GateResult::Undecided => "warning",
            GateResult::NoRegression => return None,
        };
        let decisive = rows.iter().filter(|row| row.variant == variant.variant && row.gates);
        let words: Vec<String> = decisive
            .map(|row| {
                let parts = [row.figure.as_str(), row.verdict, row.loss.as_str(), row.remark.as_str()];
                parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
            })
            .collect();
        let place = variant.place.as_ref().map(|place| format!("file={},line={},", property(&place.file), place.line));
        let title = property(&format!("{}: {}", variant.variant, variant.result().words()));
        Some((level, format!("::{level} {}title={title}::{}\n", place.unwrap_or_default(), data(&words.join("\n")))))
    };
    let all: Vec<(&str, String)> = gate.variants.iter().filter_map(of_variant).collect();
    let of_level = |level: &str| -> String {
        all.iter().filter(|(one, _)| *one == level).take(MOST).map(|(_, text)| text.as_str()).collect()
    };
    let removed = if gate.removed.is_empty() {
        String::new()
    } else {
        let title = property(&format!("genbench {}: stale baseline", gate.grid));
        format!("::warning title={title}::{}\n", data(&format!("only in the baseline: {}", gate.removed.join(", "))))
    };
    let summary = format!("genbench {}: {}", gate.grid, gate.result().words());
    let notice = format!("::notice title={}::{}\n", property(&summary), data(&totals(gate)));
    of_level("error") + &of_level("warning") + &removed + &notice
}

/// Escapes the message of a workflow command.
fn data(text: &str) -> String {
    escape::terminal(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property of a workflow command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
