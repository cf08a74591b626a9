//! The comparison of two builds as JSON.

use runner::duel::{Costs, CountPair, DuelWindow, InstructionPair, VariantDuel, median};
use serde_json::json;

/// One JSON object with all numbers. `sizes` are those of the other executable and of this one, in MiB.
pub(super) fn as_json(all: &[VariantDuel], margin: f64, sizes: [f64; 2]) -> serde_json::Value {
    let window = |window: &DuelWindow| {
        json!({
            "window": window.window,
            "blocks": window.losses.len(),
            "log_losses": window.losses,
            "ratio": window.look.map(|look| (-look.loss).exp()),
            "interval": window.look.map(|look| [(-look.interval.high).exp(), (-look.interval.low).exp()]),
            "verdict": window.look.map(|look| look.verdict.to_string()),
            "absent": window.absent,
        })
    };
    let cost = |costs: &[Costs]| {
        json!({
            "start_s": median(costs.iter().map(|cost| cost.start_s)),
            "memory_mib": median(costs.iter().filter_map(|cost| cost.memory_mib)),
        })
    };
    let count = |pair: &CountPair| {
        json!({
            "figure": pair.figure,
            "unit": pair.unit,
            "baseline": pair.baseline,
            "run": pair.run,
            "margin": pair.margin,
            "verdict": pair.verdict(),
        })
    };
    let instructions = |pair: &InstructionPair| {
        json!({
            "window": pair.window,
            "baseline": pair.baseline,
            "run": pair.run,
            "verdict": pair.verdict(),
        })
    };
    let variant = |one: &VariantDuel| {
        json!({
            "variant": one.variant,
            "windows": one.windows.iter().map(window).collect::<Vec<_>>(),
            "counts": one.counts.as_ref().ok().map(|pairs| pairs.iter().map(count).collect::<Vec<_>>()),
            "not_counted": one.counts.as_ref().err(),
            "instructions": one.instructions.as_ref().ok().map(|pairs| pairs.iter().map(instructions).collect::<Vec<_>>()),
            "baseline": cost(&one.costs.0),
            "run": cost(&one.costs.1),
            "failed": one.failed,
            "stopped": one.stopped,
        })
    };
    json!({
        "schema": 1,
        "margin": margin,
        "executable_mib": {"baseline": sizes[0], "run": sizes[1]},
        "variants": all.iter().map(variant).collect::<Vec<_>>(),
    })
}
