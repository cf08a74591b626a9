//! Formats of trackers: the figures of the run, without verdicts.

use protocol::{Direction, Unit};
use serde_json::{Map, Value, json};

use super::super::outcome::Gate;

/// Bencher Metric Format: benchmark (variant), measure (figure), value.
pub(super) fn bmf(gate: &Gate) -> Result<String, serde_json::Error> {
    let mut benchmarks = Map::new();
    for variant in &gate.variants {
        let figures = variant.figures.iter().filter_map(|one| Some((slug(&one.label), json!({"value": one.run?}))));
        let counts = variant.counters.iter();
        let counts = counts.filter_map(|one| Some((slug(&one.figure), json!({"value": one.run?}))));
        let figures: Map<String, Value> = figures.chain(counts).collect();
        if !figures.is_empty() {
            benchmarks.insert(variant.variant.clone(), Value::Object(figures));
        }
    }
    Ok(serde_json::to_string_pretty(&benchmarks)? + "\n")
}

/// Name of a measure in lower-case letters, digits and dashes.
fn slug(label: &str) -> String {
    let parts = label.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-").to_lowercase()
}

/// Input of `github-action-benchmark` with the tool `customSmallerIsBetter`. A log-likelihood whose higher values are better
/// is negated; other figures whose higher values are better are left out.
pub(super) fn gha_benchmark(gate: &Gate) -> Result<String, serde_json::Error> {
    let mut entries = Vec::new();
    for variant in &gate.variants {
        for one in &variant.figures {
            let Some(value) = one.run else { continue };
            let (value, sign) = match (one.figure.direction, one.figure.unit) {
                (Direction::Lower, _) => (value, ""),
                (Direction::Higher, Unit::Nats | Unit::BitsPerDim) => (-value, "-"),
                (Direction::Higher | Direction::Neither, _) => continue,
            };
            entries.push(json!({
                "name": format!("{} / {sign}{}", variant.variant, one.label),
                "unit": one.figure.unit.to_string(),
                "value": value,
            }));
        }
        for one in &variant.counters {
            let (name, unit) = (format!("{} / {}", variant.variant, one.figure), one.unit.to_string());
            entries.extend(one.run.map(|value| json!({"name": name, "unit": unit, "value": value})));
        }
    }
    Ok(serde_json::to_string_pretty(&entries)? + "\n")
}
