//! A catalog of two models and two data sets that trains nothing.

use std::path::PathBuf;

use protocol::params::{parse, schema, unknown};
use protocol::trial::{DataSpec, MeasureSpec, ModelSpec, Schedule, TrainSpec};
use protocol::{Control, ControlKind, Fact, Problem, params};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::catalog::{Catalog, Device, Draft, Listed, Resolved, Vocabulary};

#[derive(Default)]
pub(super) struct FakeCatalog {
    pub(super) resolved: std::cell::Cell<usize>,
    pub(super) device_requests: std::cell::RefCell<Vec<String>>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default)]
struct Nade {
    hidden: u32,
    ordering: Option<String>,
    orders: u32,
    optim: Optim,
}

impl Default for Nade {
    fn default() -> Self {
        Self { hidden: 100, ordering: None, orders: 1, optim: Optim::default() }
    }
}

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
struct Optim {
    lr: f64,
}

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
struct Vae {
    latent: u32,
    hidden: Vec<u32>,
}

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
struct Digits {
    binarize: Option<String>,
}

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
struct Chain {
    q: f64,
}

/// Files in a folder, which exists if its name is `pixels`.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
struct Files {
    path: String,
}

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
struct Train {
    epochs: Option<u64>,
    steps: Option<u64>,
    batch_size: Option<usize>,
    schedule: Schedule,
}

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
struct Iwae {
    k: u32,
}

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
struct Pixels {
    pixels: u32,
}

/// A measure without settings.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
struct Nothing {}

fn config<C: DeserializeOwned + Serialize + Default>(settings: &Value) -> Result<Value, Vec<Problem>> {
    serde_json::to_value(parse::<C>(settings)?).map_err(|error| vec![Problem::new("", error.to_string())])
}

/// The name in a block or the bare name, and the settings without it.
fn split(value: &Value) -> Result<(String, Value), Vec<Problem>> {
    let mut settings = value.clone();
    let name = match &mut settings {
        Value::String(name) => Value::from(std::mem::take(name)),
        Value::Object(map) => map.remove("name").unwrap_or_default(),
        _ => Value::Null,
    };
    let name = name.as_str().ok_or_else(|| vec![Problem::new("", "has no name").help("add `name: ...`")])?.to_owned();
    Ok((name, if settings.is_object() { settings } else { json!({}) }))
}

fn model(value: &Value) -> Result<ModelSpec, Vec<Problem>> {
    let (name, settings) = split(value)?;
    let config = match name.as_str() {
        "nade" => config::<Nade>(&settings)?,
        "vae" => config::<Vae>(&settings)?,
        _ => return Err(vec![Problem { at_key: false, ..unknown("name", &name, ["nade", "vae"]) }]),
    };
    if config["hidden"] == 0 {
        return Err(vec![Problem::new("hidden", "must be at least 1")]);
    }
    Ok(ModelSpec { name, version: 1, config, meaning: None })
}

fn data(value: &Value) -> Result<DataSpec, Vec<Problem>> {
    let (name, settings) = split(value)?;
    let config = match name.as_str() {
        "digits" => config::<Digits>(&settings)?,
        "chain" => config::<Chain>(&settings)?,
        "files" => config::<Files>(&settings)?,
        _ => return Err(vec![Problem { at_key: false, ..unknown("name", &name, ["chain", "digits", "files"]) }]),
    };
    if let Some(path) = config["path"].as_str().filter(|path| !path.ends_with("/pixels")) {
        return Err(vec![Problem::new("path", format!("{path}: not found"))]);
    }
    Ok(DataSpec { name, version: 1, config, hash: String::new(), meaning: None })
}

fn train(value: &Value) -> Result<TrainSpec, Vec<Problem>> {
    let train: Train = parse(value)?;
    let steps = match (train.steps, train.epochs) {
        (Some(steps), None) => steps,
        (None, Some(epochs)) => epochs * 100,
        (None, None) => return Err(vec![Problem::new("", "needs steps or epochs")]),
        (Some(_), Some(_)) => return Err(vec![Problem::new("steps", "clashes with epochs")]),
    };
    let batch_size = train.batch_size.unwrap_or(64);
    Ok(TrainSpec { schedule: train.schedule, ..TrainSpec::new(steps, batch_size, 100) })
}

fn measures(value: &Value) -> Result<Vec<MeasureSpec>, Vec<Problem>> {
    let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut specs = Vec::new();
    let mut problems = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let spec = split(item).and_then(|(name, settings)| match name.as_str() {
            "nll" => Ok(MeasureSpec::new(name, 1, config::<Nothing>(&settings)?)),
            "iwae" => Ok(MeasureSpec::new(name, 1, config::<Iwae>(&settings)?)),
            _ => Err(vec![Problem { at_key: false, ..unknown("name", &name, ["iwae", "nll"]) }]),
        });
        match spec {
            Ok(spec) => specs.push(spec),
            Err(list) => problems.extend(list.into_iter().map(|p| p.under(&index.to_string()))),
        }
    }
    if problems.is_empty() { Ok(specs) } else { Err(problems) }
}

fn gather<T>(root: &str, part: Result<T, Vec<Problem>>, problems: &mut Vec<Problem>) -> Option<T> {
    part.map_err(|list| problems.extend(list.into_iter().map(|problem| problem.under(root)))).ok()
}

fn listed(name: &str, settings: Value) -> Listed {
    Listed { name: name.to_owned(), about: format!("about {name}"), settings }
}

impl Catalog for FakeCatalog {
    fn vocabulary(&self) -> Vocabulary {
        Vocabulary {
            models: vec![listed("nade", schema::<Nade>()), listed("vae", schema::<Vae>())],
            data: vec![
                listed("digits", schema::<Digits>()),
                listed("chain", schema::<Chain>()),
                listed("files", schema::<Files>()),
            ],
            measures: vec![listed("nll", schema::<Nothing>()), listed("iwae", schema::<Iwae>())],
            facts: vec![listed("full_joint", schema::<Pixels>())],
            train: schema::<Train>(),
        }
    }

    fn resolve(&self, draft: &Draft) -> Result<Resolved, Vec<Problem>> {
        self.resolved.set(self.resolved.get() + 1);
        let mut problems = Vec::new();
        let parts = (
            gather("model", model(&draft.model), &mut problems),
            gather("data", data(&draft.data), &mut problems),
            gather("train", train(&draft.train), &mut problems),
            gather("measure", measures(&draft.measure), &mut problems),
        );
        match parts {
            (Some(model), Some(data), Some(train), Some(measure)) => {
                Ok(Resolved { model: model.into(), data: data.into(), train, measure: measure.into() })
            }
            _ => Err(problems),
        }
    }

    fn located(&self, data: &Value, folder: &dyn Fn(&str) -> PathBuf) -> Value {
        let mut located = data.clone();
        if let Some(Value::String(path)) = located.get_mut("path") {
            *path = std::path::absolute(folder("path").join(&*path)).unwrap().display().to_string();
        }
        located
    }

    fn figures(&self, measure: &MeasureSpec) -> Vec<String> {
        match measure.name.as_str() {
            "nll" => vec!["nll".to_owned(), "bits_per_dim".to_owned()],
            name => vec![name.to_owned()],
        }
    }

    fn controls(&self, measure: &MeasureSpec) -> Vec<Control> {
        if measure.name == "nll" {
            vec![Control::untrained("nll"), Control::real("nll"), Control::new("nll", ControlKind::Chance, "chance")]
        } else {
            Vec::new()
        }
    }

    fn fact(&self, name: &str, config: &Value) -> Result<Vec<Fact>, Vec<Problem>> {
        if name != "full_joint" {
            return Err(vec![params::unknown("name", name, ["full_joint"])]);
        }
        let pixels = parse::<Pixels>(config)?.pixels;
        Ok(vec![Fact {
            section: None,
            fact: name.to_owned(),
            quantity: format!("free parameters of the full joint over {pixels} pixels"),
            value: format!("2^{pixels} - 1"),
            note: String::new(),
        }])
    }

    fn device(&self, request: &str) -> Result<Device, Problem> {
        self.device_requests.borrow_mut().push(request.to_owned());
        match request {
            "auto" => Ok(Device { name: "flex".into(), why: Some("no adapter".into()) }),
            "wgpu:9" => Err(Problem::new("device", "there is no adapter 9").help("`genbench doctor` lists them")),
            _ => Ok(Device { name: request.into(), why: None }),
        }
    }
}
