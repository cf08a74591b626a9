//! One JSON object with all numbers.

use serde_json::{Value, json};

use super::super::outcome::Gate;

/// Version of the object.
const SCHEMA: u32 = 1;

pub(super) fn json(gate: &Gate) -> Result<String, serde_json::Error> {
    let variants = gate.variants.iter().map(|variant| {
        let mut record = serde_json::to_value(variant)?;
        record["result"] = json!(variant.result());
        Ok(record)
    });
    let side = |(build, machine): &(String, super::super::MachineClass)| json!({"build": build, "machine": machine});
    let record = json!({
        "schema": SCHEMA,
        "grid": gate.grid,
        "result": gate.result(),
        "level": gate.level,
        "baseline": side(&gate.baseline),
        "run": side(&gate.run),
        "variants": variants.collect::<Result<Vec<Value>, serde_json::Error>>()?,
        "removed": gate.removed,
    });
    Ok(serde_json::to_string_pretty(&record)? + "\n")
}
