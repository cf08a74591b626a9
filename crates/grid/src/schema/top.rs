//! The complete schema of a grid.

use serde_json::{Map, Value, json};

use super::axes;
use super::dotted::Keys;
use super::level::{level, list, text};
use super::named::{closed, named, when_named};
use crate::catalog::Vocabulary;

/// Returns the JSON Schema (draft 7) of a grid that uses the names of `vocabulary`.
#[must_use]
pub fn schema(vocabulary: &Vocabulary) -> Value {
    let reference = |definition: &str| json!({"$ref": format!("#/definitions/{definition}")});
    let seeds = || reference("seeds");
    let mut top = level(
        "A grid: models, data, training, measures, seeds and comparisons.",
        &[
            (
                "name",
                json!({
                    "description": "Name of the grid and of its folder under results/.",
                    "type": "string", "pattern": "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$",
                }),
            ),
            ("about", text("Purpose of the grid, shown in the report.")),
            (
                "extends",
                json!({
                    "description": "A grid file, or a list of files, that this grid extends and overrides.",
                    "type": ["string", "array"], "items": {"type": "string"},
                }),
            ),
            ("device", reference("device")),
            ("seeds", super::seeds::at_the_top()),
            ("variants", list(reference("variant"), "Models to train and compare.")),
            ("blocks", list(reference("block"), "Groups of variants with settings of their own.")),
            ("facts", list(reference("fact"), "Exact counts and identities that need no training.")),
            ("compare", compare()),
            ("gate", gate()),
            ("claims", reference("claims")),
        ],
    );
    let block = level(
        "A group of variants with settings of its own and a section in the report.",
        &[
            ("section", text("Heading of the block in the report.")),
            (
                "layout",
                json!({
                    "description": "Layout of the section: one row per variant (`table`), or one column per variant (`side_by_side`).", "enum": ["table", "side_by_side"],
                }),
            ),
            ("seeds", seeds()),
            ("device", reference("device")),
            ("variants", list(reference("variant"), "Models of the block.")),
            ("facts", list(reference("fact"), "Exact counts and identities for the section of the block.")),
            ("claims", reference("claims")),
        ],
    );
    let variant = level(
        "A model with its settings and axes; each combination of the axes is a variant.",
        &[
            ("label", text("Label in tables and pictures: a name, or a template such as `{model} on {data}`.")),
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
                    "description": "Measures to compute on each trained model.", "type": "array",
                    "items": named(&vocabulary.measures, "measure", false),
                }),
            ),
            ("fact", fact(vocabulary)),
            ("claims", claims()),
            ("seeds", super::seeds::schema()),
            (
                "device",
                json!({
                    "description": "Device on which trials run: `auto`, `flex` (CPU), `wgpu` or `wgpu:N` (GPU number N).", "type": "string",
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
        train.insert(
            "description".to_owned(),
            "Length of training, batches, learning-rate schedule and evaluation.".into(),
        );
    }
    train
}

fn fact(vocabulary: &Vocabulary) -> Value {
    let section = json!({"type": "string", "description": "Section of the report that lists the fact."});
    let each = vocabulary.facts.iter().map(|one| json!({"const": one.name, "description": one.about}));
    let names = json!({"description": "Name of the fact.", "anyOf": each.collect::<Vec<_>>()});
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

/// Schema of `claims`, which `claims/read.rs` reads.
fn claims() -> Value {
    json!({
        "description": "Statements that the results support, refute or leave undecided, each with a name, such as `NADE beats MADE: nade.nll < made.nll - 0.1`.",
        "type": "object",
        "minProperties": 1,
        "additionalProperties": text("A statement over figures, controls, rates, times and facts."),
    })
}

/// Schema of `gate`, which `gate.rs` reads.
fn gate() -> Value {
    let figure = text("Name of a figure.");
    json!({
        "description": "Figure that decides the exit code of `genbench regress`, or a list of figures. By default one figure of each variant: its log-likelihood, else its first score of samples.",
        "anyOf": [figure, {"type": "array", "items": figure, "minItems": 1, "uniqueItems": true}],
    })
}

/// Schema of `compare`, which `compare.rs` reads.
fn compare() -> Value {
    let label = text("Label of a variant.");
    let mut compare = closed(
        Map::new(),
        &[
            (
                "baseline",
                json!({
                    "description": "Baseline with which the other variants on its data set are compared, or a list with one per data set.",
                    "anyOf": [label, {"type": "array", "items": label, "minItems": 1, "uniqueItems": true}],
                }),
            ),
            (
                "pairs",
                json!({
                    "description": "Pairs to compare: each variant with the baseline, or every pair of variants.",
                    "enum": ["baseline", "all"], "default": "baseline",
                }),
            ),
            (
                "margin",
                json!({
                    "description": "Largest difference that does not matter, by the name of the figure.",
                    "type": "object", "additionalProperties": {"type": "number", "exclusiveMinimum": 0},
                }),
            ),
            (
                "paired",
                json!({
                    "description": "Whether trials of equal seed are compared as pairs.", "type": "boolean", "default": false,
                }),
            ),
        ],
    );
    compare["description"] = "Settings of the comparisons between variants.".into();
    compare["type"] = "object".into();
    compare
}
