//! A catalog without Burn that works like the real one: typed settings, defaults, checked keys.

use grid::{Catalog, Device, Draft, Resolved};
use protocol::Fact;
use protocol::params::{parse, unknown};
use protocol::{DataSpec, Keep, MeasureSpec, ModelSpec, Problem, Schedule, TrainSpec};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Two models, one data set and four measures.
pub(crate) struct Small;

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Nade {
    hidden: u32,
    orders: u32,
    lr: f64,
    weight_decay: f64,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Vae {
    hidden: u32,
    latent: u32,
    lr: f64,
    beta: f64,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Digits {
    binarize: Option<String>,
    binarize_seed: u64,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Train {
    steps: u64,
    batch_size: usize,
    schedule: Schedule,
    eval_every: u64,
    keep: Keep,
    patience: Option<u32>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Iwae {
    k: u32,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Nothing {}

fn filled<C: DeserializeOwned + Serialize + Default>(settings: &Value) -> Result<Value, Vec<Problem>> {
    serde_json::to_value(parse::<C>(settings)?).map_err(|error| vec![Problem::new("", error.to_string())])
}

/// Name and settings of a block or of a bare name.
fn named(written: &Value) -> Result<(String, Value), Vec<Problem>> {
    match written {
        Value::String(name) => Ok((name.clone(), Value::Object(Map::new()))),
        Value::Object(block) => {
            let mut settings = block.clone();
            match settings.remove("name") {
                Some(Value::String(name)) => Ok((name, Value::Object(settings))),
                _ => Err(vec![Problem::new("", "has no name")]),
            }
        }
        _ => Err(vec![Problem::new("", "expected a name or a block")]),
    }
}

fn model(written: &Value) -> Result<ModelSpec, Vec<Problem>> {
    let (name, settings) = named(written)?;
    let config = match name.as_str() {
        "nade" => filled::<Nade>(&settings)?,
        "vae" => filled::<Vae>(&settings)?,
        _ => return Err(vec![unknown("name", &name, ["nade", "vae"])]),
    };
    Ok(ModelSpec { name, version: 1, config, meaning: None })
}

fn data(written: &Value) -> Result<DataSpec, Vec<Problem>> {
    let (name, settings) = named(written)?;
    let config = match name.as_str() {
        "digits" => filled::<Digits>(&settings)?,
        _ => return Err(vec![unknown("name", &name, ["digits"])]),
    };
    Ok(DataSpec { name, version: 1, config, hash: String::new(), meaning: None })
}

fn train(written: &Value) -> Result<TrainSpec, Vec<Problem>> {
    let Train { steps, batch_size, schedule, eval_every, keep, patience } = parse(written)?;
    Ok(TrainSpec { schedule, keep, patience, ..TrainSpec::new(steps, batch_size, eval_every) })
}

fn measure(written: &Value) -> Result<MeasureSpec, Vec<Problem>> {
    let (name, settings) = named(written)?;
    let config = match name.as_str() {
        "nll" | "elbo" | "fid_proxy" => filled::<Nothing>(&settings)?,
        "iwae" => filled::<Iwae>(&settings)?,
        _ => return Err(vec![unknown("", &name, ["elbo", "fid_proxy", "iwae", "nll"])]),
    };
    Ok(MeasureSpec::new(name, 1, config))
}

impl Catalog for Small {
    fn resolve(&self, draft: &Draft) -> Result<Resolved, Vec<Problem>> {
        let list = draft.measure.as_array().map(Vec::as_slice).unwrap_or_default();
        Ok(Resolved {
            model: model(&draft.model)?.into(),
            data: data(&draft.data)?.into(),
            train: train(&draft.train)?,
            measure: list.iter().map(measure).collect::<Result<Vec<_>, _>>()?.into(),
        })
    }

    fn fact(&self, name: &str, _: &Value) -> Result<Vec<Fact>, Vec<Problem>> {
        Err(vec![unknown("name", name, [])])
    }

    fn device(&self, request: &str) -> Result<Device, Problem> {
        Ok(Device { name: request.to_owned(), why: None })
    }
}
