//! The whole schema.

use serde_json::{Map, Value, json};

use super::axes;
use super::dotted::Keys;
use super::level::{level, list, text};
use super::named::{closed, named, when_named};
use crate::catalog::Vocabulary;

/// The JSON Schema (draft 7) of a grid that names what `vocabulary` has.
#[must_use]
pub fn schema(vocabulary: &Vocabulary) -> Value {
    let reference = |definition: &str| json!({"$ref": format!("#/definitions/{definition}")});
    let seeds = || reference("seeds");
    let mut top = level(
        "A grid: what genbench trains, on what data, how often, and how it is compared.",
        &[
            (
                "name",
                json!({
                    "description": "The grid's folder under results/.",
                    "type": "string", "pattern": "^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}$",
                }),
            ),
            ("about", text("What the grid is for.")),
            (
                "extends",
                json!({
                    "description": "Another grid file, or a list of them, that this one lies over.",
                    "type": ["string", "array"], "items": {"type": "string"},
                }),
            ),
            ("device", reference("device")),
            ("seeds", super::seeds::at_the_top()),
            ("variants", list(reference("variant"), "The models that are compared.")),
            ("blocks", list(reference("block"), "Groups of variants with settings of their own.")),
            ("facts", list(reference("fact"), "Exact counts that need no training.")),
            ("compare", compare()),
        ],
    );
    let block = level(
        "Variants that share settings and stand together in the report.",
        &[
            ("section", text("Where the variants stand in the report.")),
            (
                "layout",
                json!({
                    "description": "A row for each variant, or a column.", "enum": ["table", "side_by_side"],
                }),
            ),
            ("seeds", seeds()),
            ("device", reference("device")),
            ("variants", list(reference("variant"), "The models of the block.")),
            ("facts", list(reference("fact"), "Exact counts that stand in the block's section.")),
        ],
    );
    let variant = level(
        "A model with its settings, times its axes.",
        &[
            ("label", text("What it is called: a name, or a template such as `{model} on {data}`.")),
            ("model", reference("model_setting")),
            ("seeds", seeds()),
        ],
    );
    top["$schema"] = "http://json-schema.org/draft-07/schema#".into();
    top["title"] = "genbench grid".into();
    top["required"] = json!(["name"]);
    let some = ["variants", "blocks", "facts", "extends"].map(|key| json!({"required": [key]}));
    top["anyOf"] = json!(some);
    let mut definitions =
        Map::from_iter(axes::definitions(&Keys::of(vocabulary)).map(|(name, schema)| (name.to_owned(), schema)));
    definitions.extend(
        [
            ("model", named(&vocabulary.models, "model", false)),
            ("model_setting", named(&vocabulary.models, "model", true)),
            ("data", named(&vocabulary.data, "data set", false)),
            ("data_setting", named(&vocabulary.data, "data set", true)),
            ("train", train(vocabulary)),
            (
                "measure",
                json!({
                    "description": "What to measure.", "type": "array",
                    "items": named(&vocabulary.measures, "measure", false),
                }),
            ),
            ("fact", fact(vocabulary)),
            ("seeds", super::seeds::schema()),
            (
                "device",
                json!({
                    "description": "Where the trials are computed.", "type": "string",
                    "anyOf": [{"enum": ["auto", "flex", "wgpu"]}, {"pattern": "^wgpu:[0-9]{1,5}$"}],
                }),
            ),
            ("block", block),
            ("variant", variant),
        ]
        .map(|(name, schema)| (name.to_owned(), schema)),
    );
    top["definitions"] = definitions.into();
    top
}

fn train(vocabulary: &Vocabulary) -> Value {
    let mut train = vocabulary.train.clone();
    if let Some(train) = train.as_object_mut() {
        train.insert("description".to_owned(), "How long to train, and on what batches.".into());
    }
    train
}

fn fact(vocabulary: &Vocabulary) -> Value {
    let section = json!({"type": "string", "description": "Where it stands in the report."});
    let each = vocabulary.facts.iter().map(|one| json!({"const": one.name, "description": one.about}));
    let names = json!({"description": "The fact's name.", "anyOf": each.collect::<Vec<_>>()});
    let settings = vocabulary.facts.iter().map(|one| {
        let mut clause = when_named(one, "fact");
        clause["then"]["properties"]["section"] = section.clone();
        clause
    });
    json!({
        "description": "An exact count or an identity.",
        "type": "object",
        "required": ["fact"],
        "properties": {"fact": names, "section": section},
        "allOf": settings.collect::<Vec<_>>(),
    })
}

/// See `compare.rs`.
fn compare() -> Value {
    let label = text("The label of a variant.");
    let mut compare = closed(
        Map::new(),
        &[
            (
                "baseline",
                json!({
                    "description": "The variant that the others on its data set are held against, or one for each data set.",
                    "anyOf": [label, {"type": "array", "items": label, "minItems": 1, "uniqueItems": true}],
                }),
            ),
            (
                "pairs",
                json!({
                    "description": "Each against the baseline, or each against each.",
                    "enum": ["baseline", "all"], "default": "baseline",
                }),
            ),
            (
                "margin",
                json!({
                    "description": "By a figure's name, the largest difference that does not matter.",
                    "type": "object", "additionalProperties": {"type": "number", "exclusiveMinimum": 0},
                }),
            ),
            (
                "paired",
                json!({
                    "description": "Whether trials of equal seed are pairs.", "type": "boolean", "default": false,
                }),
            ),
        ],
    );
    compare["description"] = "Which variants are held against which.".into();
    compare["type"] = "object".into();
    compare
}
