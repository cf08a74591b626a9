//! One JSON object with all numbers. `docs/json.md` describes its keys.

use serde_json::{Value, json};

use super::super::MachineClass;
use super::super::finding::{FigureFinding, FigureResult, VariantFinding, VariantState};
use super::super::judge::Judgement;
use super::super::outcome::Gate;
use super::super::speed::SpeedJudgement;

/// Version of the object.
const SCHEMA: u32 = 1;

pub(super) fn json(gate: &Gate) -> Result<String, serde_json::Error> {
    let side = |(build, machine): &(String, MachineClass)| json!({"build": build, "machine": machine.to_string()});
    let object = json!({
        "schema": SCHEMA,
        "grid": gate.grid,
        "result": gate.result(),
        "level": gate.level,
        "baseline": side(&gate.baseline),
        "run": side(&gate.run),
        "variants": gate.variants.iter().map(variant).collect::<Vec<Value>>(),
        "removed": gate.removed,
    });
    Ok(serde_json::to_string(&object)? + "\n")
}

fn variant(one: &VariantFinding) -> Value {
    let (state, changes) = match &one.state {
        VariantState::Compared => ("compared", &[][..]),
        VariantState::Changed(changes) => ("changed", changes.as_slice()),
        VariantState::New => ("new", &[][..]),
    };
    json!({
        "variant": one.variant,
        "renamed_from": one.renamed_from,
        "place": one.place.as_ref().map(|place| json!({"file": place.file, "line": place.line})),
        "state": state,
        "changes": changes,
        "result": one.result(),
        "failures": one.failures,
        "collapses": one.collapses,
        "not_run": one.not_run,
        "notes": one.notes,
        "figures": one.figures.iter().map(figure).collect::<Vec<Value>>(),
        "speed": one.speed.as_ref().map(speed),
        "counters": one.counters,
    })
}

fn figure(one: &FigureFinding) -> Value {
    let judged = match &one.result {
        FigureResult::Judged(judgement) => Some(judgement),
        FigureResult::Changed(_) | FigureResult::Missing(_) | FigureResult::NotRun | FigureResult::New => None,
    };
    let changes = match &one.result {
        FigureResult::Changed(changes) => changes.as_slice(),
        FigureResult::Judged(_) | FigureResult::Missing(_) | FigureResult::NotRun | FigureResult::New => &[],
    };
    let of = |get: &dyn Fn(&Judgement) -> Value| judged.map(get);
    json!({
        "figure": one.label,
        "settings": one.figure.settings,
        "version": one.figure.version,
        "unit": one.figure.unit,
        "gates": one.gates,
        "verdict": one.word().to_lowercase(),
        "baseline": one.baseline,
        "run": one.run,
        "margin": one.margin.map(|margin| margin.value),
        "margin_of": one.margin.map(|margin| margin.source),
        "loss": of(&|one| json!(one.loss)),
        "interval": of(&|one| json!(one.interval.map(|interval| [interval.low, interval.high]))),
        "visible_loss": of(&|one| json!(one.visible_loss)),
        "needed": of(&|one| json!(one.needed.map(|needed| needed.to_string()))),
        "pairing": of(&|one| json!(one.pairing)),
        "reason": of(&|one| json!(one.reason)),
        "changes": changes,
    })
}

fn speed(one: &SpeedJudgement) -> Value {
    json!({
        "verdict": one.verdict,
        "ratio": one.ratio,
        "interval": one.interval.map(|interval| [interval.low, interval.high]),
        "visible_ratio": one.visible_ratio,
        "reason": one.reason,
    })
}
