//! The models, data sets, measures, facts and devices that a grid can name.

use std::cell::RefCell;
use std::collections::BTreeMap;

use data::DataShape;
use lab::{Catalog, Device, Draft, Fact, Resolved};
use protocol::params::{parse, unknown};
use protocol::{DataSpec, Keep, MeasureSpec, ModelSpec, Problem, Schedule, TrainSpec};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::doctor;

/// What is measured when a grid does not say.
const DEFAULT_MEASURES: [&str; 6] = ["nll", "elbo", "fid_proxy", "throughput", "parameters", "peak_memory"];

/// The `train` block as written.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct TrainDraft {
    steps: Option<u64>,
    epochs: Option<f64>,
    batch_size: Option<usize>,
    schedule: Schedule,
    eval_every: Option<u64>,
    keep: Keep,
    patience: Option<u32>,
}

/// The catalog over `zoo`, `data` and `engine`. Data sets are described once.
#[derive(Default)]
pub(crate) struct Everything {
    described: RefCell<BTreeMap<String, (DataSpec, DataShape)>>,
}

impl Catalog for Everything {
    fn resolve(&self, draft: &Draft) -> Result<Resolved, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut keep = |result: Result<_, Vec<Problem>>, block: &str| match result {
            Ok(value) => Some(value),
            Err(found) => {
                problems.extend(found.into_iter().map(|problem| problem.under(block)));
                None
            }
        };
        let data = keep(self.data(&draft.data).map(Block::Data), "data");
        let shape = match &data {
            Some(Block::Data((_, shape))) => Some(*shape),
            _ => None,
        };
        let model = keep(model(&draft.model, shape.as_ref()).map(Block::Model), "model");
        let measure = keep(measures(&draft.measure, shape.as_ref()).map(Block::Measure), "measure");
        let train = keep(train(&draft.train, shape.as_ref()).map(Block::Train), "train");
        match (model, data, train, measure) {
            (
                Some(Block::Model(model)),
                Some(Block::Data((data, _))),
                Some(Block::Train(train)),
                Some(Block::Measure(measure)),
            ) => Ok(Resolved { model, data, train, measure }),
            _ => Err(problems),
        }
    }

    fn fact(&self, name: &str, config: &Value) -> Result<Vec<Fact>, Vec<Problem>> {
        let entry = zoo::facts::find(name).map_err(|problem| vec![Problem { path: "name".into(), ..problem }])?;
        let counts = (entry.count)(config)?;
        Ok(counts
            .into_iter()
            .map(|count| Fact {
                section: None,
                fact: name.to_owned(),
                quantity: count.quantity,
                value: count.value,
                note: count.note,
            })
            .collect())
    }

    fn device(&self, request: &str) -> Result<Device, Problem> {
        doctor::choose(request)
    }
}

/// A resolved block, so that one closure can collect the mistakes of all four.
enum Block {
    Model(ModelSpec),
    Data((DataSpec, DataShape)),
    Train(TrainSpec),
    Measure(Vec<MeasureSpec>),
}

impl Everything {
    fn data(&self, written: &Value) -> Result<(DataSpec, DataShape), Vec<Problem>> {
        let (name, settings) = named(written, "data set", data::DATASETS.iter().map(|entry| entry.name))?;
        let entry = data::find(&name).map_err(at_name)?;
        let config = (entry.resolve)(&settings)?;
        let key = format!("{name} {config}");
        if let Some(known) = self.described.borrow().get(&key) {
            return Ok(known.clone());
        }
        let problem = |error| match error {
            data::DataError::Setting(problem) => vec![problem],
            other => vec![Problem::new("", other.to_string())],
        };
        let shape = (entry.describe)(&config).map_err(problem)?;
        let hash = (entry.hash)(&config).map_err(problem)?;
        let described = (DataSpec { name, version: entry.version, config, hash }, shape);
        self.described.borrow_mut().insert(key, described.clone());
        Ok(described)
    }
}

fn model(written: &Value, data: Option<&DataShape>) -> Result<ModelSpec, Vec<Problem>> {
    let (name, settings) = named(written, "model", zoo::MODELS.iter().map(|entry| entry.name))?;
    let entry = zoo::find(&name).map_err(at_name)?;
    let config = (entry.resolve)(&settings)?;
    if let Some(data) = data {
        (entry.check)(&config, data).map_err(|problem| vec![problem])?;
    }
    Ok(ModelSpec { name, version: entry.version, config })
}

fn measures(written: &Value, data: Option<&DataShape>) -> Result<Vec<MeasureSpec>, Vec<Problem>> {
    let default = json!(DEFAULT_MEASURES);
    let list = match written {
        Value::Null => default.as_array(),
        other => other.as_array(),
    };
    let list =
        list.ok_or_else(|| vec![Problem::new("", "expected a list").help("such as [nll, {name: iwae, k: 50}]")])?;
    let (mut specs, mut problems) = (Vec::<MeasureSpec>::new(), Vec::new());
    for (index, written) in list.iter().enumerate() {
        match measure(written, data) {
            Ok(spec) if specs.contains(&spec) => {
                problems.push(Problem::new(
                    index.to_string(),
                    format!("`{}` is measured twice with the same settings", spec.name),
                ));
            }
            Ok(spec) => specs.push(spec),
            Err(found) => problems.extend(found.into_iter().map(|problem| problem.under(&index.to_string()))),
        }
    }
    if problems.is_empty() { Ok(specs) } else { Err(problems) }
}

fn measure(written: &Value, data: Option<&DataShape>) -> Result<MeasureSpec, Vec<Problem>> {
    let (name, settings) = named(written, "measure", engine::measure::MEASURES.iter().map(|entry| entry.name))?;
    let entry = engine::measure::find(&name).map_err(at_name)?;
    let config = (entry.resolve)(&settings)?;
    if let Some(data) = data {
        (entry.check)(&config, data).map_err(|problem| vec![problem])?;
    }
    Ok(MeasureSpec { name, version: entry.version, config })
}

/// Steps from epochs, defaults from the size of the data. Without data (they are wrong already),
/// only what does not depend on them is checked.
fn train(written: &Value, data: Option<&DataShape>) -> Result<TrainSpec, Vec<Problem>> {
    let draft: TrainDraft = parse(written)?;
    let refuse = |path: &str, message: String, help: &str| Err(vec![Problem::new(path, message).help(help)]);
    let batch_size = draft.batch_size.unwrap_or(64);
    let images = data.map_or(usize::MAX, |data| data.train);
    if batch_size == 0 || batch_size > images {
        return refuse(
            "batch_size",
            format!("a batch of {batch_size} from {images} training images"),
            "between 1 and the training images",
        );
    }
    let per_epoch = (images / batch_size) as u64;
    let steps = match (draft.steps, draft.epochs) {
        (Some(_), Some(_)) => return refuse("epochs", "both steps and epochs are set".into(), "set one of the two"),
        (Some(0), None) => return refuse("steps", "no training in no steps".into(), "at least 1"),
        (Some(steps), None) => steps,
        (None, epochs) => {
            let epochs = epochs.unwrap_or(10.0);
            if !(epochs > 0.0 && epochs <= 1e6) {
                return refuse("epochs", format!("{epochs} epochs"), "above 0, at most 1000000");
            }
            ((epochs * per_epoch as f64).round() as u64).max(1)
        }
    };
    let eval_every = draft.eval_every.unwrap_or(per_epoch);
    if eval_every == 0 {
        return refuse("eval_every", "0 steps apart".into(), "steps between two evaluations, at least 1");
    }
    if draft.patience == Some(0) {
        return refuse("patience", "0 evaluations is no patience".into(), "at least 1, or leave it out");
    }
    Ok(TrainSpec {
        steps,
        batch_size,
        schedule: draft.schedule,
        eval_every,
        keep: draft.keep,
        patience: draft.patience,
    })
}

/// Splits `{name: x, a: 1}` or a bare `x` into the name and the settings.
fn named<'a>(
    written: &Value,
    what: &str,
    allowed: impl Iterator<Item = &'a str>,
) -> Result<(String, Value), Vec<Problem>> {
    match written {
        Value::String(name) => Ok((name.clone(), Value::Object(Map::new()))),
        Value::Object(map) => {
            let mut settings = map.clone();
            match settings.remove("name") {
                Some(Value::String(name)) => Ok((name, Value::Object(settings))),
                Some(_) => Err(vec![Problem::new("name", "expected a name")]),
                None => Err(vec![
                    Problem::new("", format!("the {what} has no `name`"))
                        .help(format!("one of {}", allowed.collect::<Vec<_>>().join(", "))),
                ]),
            }
        }
        Value::Null => Err(vec![
            Problem::new("", format!("no {what} is set"))
                .help(format!("one of {}", allowed.collect::<Vec<_>>().join(", "))),
        ]),
        _ => Err(vec![Problem::new("", format!("expected a {what}: its name, or settings with a `name`"))]),
    }
}

/// An unknown name stands in `name`, or is the block itself when written bare.
fn at_name(problem: Problem) -> Vec<Problem> {
    vec![Problem { at_key: false, path: "name".into(), ..problem }]
}

/// Every name of a kind, for `genbench list`.
pub(crate) fn list(what: &str) -> Result<Vec<(&'static str, &'static str, Value)>, Problem> {
    match what {
        "models" => Ok(zoo::MODELS.iter().map(|entry| (entry.name, entry.about, (entry.defaults)())).collect()),
        "data" => Ok(data::DATASETS.iter().map(|entry| (entry.name, entry.about, (entry.defaults)())).collect()),
        "measures" => {
            Ok(engine::measure::MEASURES.iter().map(|entry| (entry.name, entry.about, (entry.defaults)())).collect())
        }
        "facts" => Ok(zoo::facts::FACTS.iter().map(|entry| (entry.name, entry.about, Value::Null)).collect()),
        other => Err(unknown("", other, ["models", "data", "measures", "facts"])),
    }
}
