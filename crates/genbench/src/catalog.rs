//! The models, data sets, measures, facts and devices that a grid can name.

use std::cell::RefCell;
use std::collections::BTreeMap;

use data::DataShape;
use lab::{Catalog, Device, Draft, Fact, Listed, Resolved, Vocabulary};
use protocol::params::{self, parse, unknown};
use protocol::{DataSpec, Keep, MeasureSpec, ModelSpec, Problem, Schedule, TrainSpec};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::doctor;

/// What is measured when a grid does not say.
const DEFAULT_MEASURES: [&str; 6] = ["nll", "elbo", "fid_proxy", "throughput", "parameters", "peak_memory"];

/// The `train` block as written.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
struct TrainDraft {
    /// Optimisation steps; instead of `epochs`.
    #[schemars(range(min = 1))]
    steps: Option<u64>,
    /// Passes over the training images; 10 where neither this nor `steps` is set.
    #[schemars(range(max = 1_000_000.0))]
    epochs: Option<f64>,
    /// Images per step; 64 where it is not set.
    #[schemars(range(min = 1))]
    batch_size: Option<usize>,
    /// The factor on every learning rate.
    schedule: Schedule,
    /// Steps between two evaluations on the validation split; an epoch where it is not set.
    #[schemars(range(min = 1))]
    eval_every: Option<u64>,
    /// Which state is measured.
    keep: Keep,
    /// Stop after so many evaluations in a row without a better one.
    #[schemars(range(min = 1))]
    patience: Option<u32>,
}

/// The catalog over `zoo`, `data` and `engine`. Data sets are described once, and a list of measures that many
/// variants share is read once.
#[derive(Default)]
pub(crate) struct Everything {
    described: RefCell<BTreeMap<String, (DataSpec, DataShape)>>,
    measured: RefCell<Option<Measured>>,
}

/// The last list of measures that was read: as written, for what data, and as resolved.
type Measured = (Value, DataShape, Vec<MeasureSpec>);

impl Catalog for Everything {
    fn vocabulary(&self) -> Vocabulary {
        let listed = |name: &str, about: &str, settings| Listed { name: name.into(), about: about.into(), settings };
        let models = zoo::MODELS.iter().map(|entry| listed(entry.name, entry.about, (entry.schema)()));
        let data = data::DATASETS.iter().map(|entry| listed(entry.name, entry.about, (entry.schema)()));
        let measures = engine::measure::MEASURES.iter().map(|entry| listed(entry.name, entry.about, (entry.schema)()));
        let facts = zoo::facts::FACTS.iter().map(|entry| listed(entry.name, entry.about, (entry.schema)()));
        Vocabulary {
            models: models.collect(),
            data: data.collect(),
            measures: measures.collect(),
            facts: facts.collect(),
            train: params::schema::<TrainDraft>(),
        }
    }

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
        let measure = keep(self.measures(&draft.measure, shape.as_ref()).map(Block::Measure), "measure");
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
    fn measures(&self, written: &Value, data: Option<&DataShape>) -> Result<Vec<MeasureSpec>, Vec<Problem>> {
        let known = self.measured.borrow();
        if let Some((.., specs)) = known.as_ref().filter(|(list, shape, _)| list == written && Some(shape) == data) {
            return Ok(specs.clone());
        }
        drop(known);
        let specs = measures(written, data)?;
        if let Some(data) = data {
            *self.measured.borrow_mut() = Some((written.clone(), *data, specs.clone()));
        }
        Ok(specs)
    }

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
    let mut problems = Vec::new();
    let mut refuse = |path: &str, message: String, help: &str| problems.push(Problem::new(path, message).help(help));
    let images = data.map_or(usize::MAX, |data| data.train);
    let mut batch_size = draft.batch_size.unwrap_or(64);
    if batch_size == 0 || batch_size > images {
        refuse(
            "batch_size",
            format!("a batch of {batch_size} from {images} training images"),
            "between 1 and the training images",
        );
        batch_size = 1;
    }
    let per_epoch = (images / batch_size) as u64;
    let epochs = draft.epochs.unwrap_or(10.0);
    if draft.epochs.is_some() && draft.steps.is_some() {
        refuse("epochs", "both steps and epochs are set".into(), "set one of the two");
    } else if !(epochs > 0.0 && epochs <= 1e6) {
        refuse("epochs", format!("{epochs} epochs"), "above 0, at most 1000000");
    }
    if draft.steps == Some(0) {
        refuse("steps", "no training in no steps".into(), "at least 1");
    }
    let steps = draft.steps.unwrap_or_else(|| ((epochs * per_epoch as f64).round() as u64).max(1));
    let eval_every = draft.eval_every.unwrap_or(per_epoch);
    if eval_every == 0 {
        refuse("eval_every", "0 steps apart".into(), "steps between two evaluations, at least 1");
    }
    if draft.patience == Some(0) {
        refuse("patience", "0 evaluations is no patience".into(), "at least 1, or leave it out");
    }
    if !problems.is_empty() {
        return Err(problems);
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
