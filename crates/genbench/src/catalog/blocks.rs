//! A model, a data set, a list of measures: looked up, defaults filled in, checked.

use std::sync::Arc;

use data::DataShape;
use protocol::params::{Refused, every_refusal};
use protocol::{DataSpec, MeasureSpec, ModelSpec, Problem};
use serde_json::{Value, json};

use super::named::{at_name, named};

/// What is measured when a grid does not say.
const DEFAULT_MEASURES: [&str; 6] = ["nll", "elbo", "fid_proxy", "throughput", "parameters", "peak_memory"];

/// A data set and what it offers.
pub(super) type Described = (Arc<DataSpec>, DataShape);

/// What is wrong with data, and what they would offer with a default in place of each setting that is wrong.
pub(super) struct Wrong {
    pub(super) problems: Vec<Problem>,
    pub(super) shape: Option<Box<DataShape>>,
}

impl From<Vec<Problem>> for Wrong {
    fn from(problems: Vec<Problem>) -> Self {
        Self { problems, shape: None }
    }
}

/// `known` has what was described before, by name and settings.
pub(super) fn data(
    written: &Value,
    known: impl FnOnce(&str) -> Option<Described>,
) -> Result<(String, Described), Wrong> {
    let (name, settings) = named(written, "data set", data::DATASETS.iter().map(|entry| entry.name))?;
    let entry = data::find(&name).map_err(at_name)?;
    let config = (entry.resolve)(&settings)?;
    let key = format!("{name} {config}");
    if let Some(known) = known(&key) {
        return Ok((key, known));
    }
    let problem = |error| match error {
        data::DataError::Setting(problem) => problem,
        other => Problem::new("", other.to_string()),
    };
    let describe = |config: &Value| (entry.describe)(config).map_err(problem);
    every_refusal(&config, &(entry.defaults)(), |config| describe(config).map(drop))
        .map_err(|Refused { problems, mended }| Wrong { problems, shape: describe(&mended).ok().map(Box::new) })?;
    let shape = describe(&config).map_err(|problem| vec![problem])?;
    let hash = (entry.hash)(&config).map_err(|error| vec![problem(error)])?;
    Ok((key, (Arc::new(DataSpec { name, version: entry.version, config, hash }), shape)))
}

pub(super) fn model(written: &Value, data: Option<&DataShape>) -> Result<ModelSpec, Vec<Problem>> {
    let (name, settings) = named(written, "model", zoo::MODELS.iter().map(|entry| entry.name))?;
    let entry = zoo::find(&name).map_err(at_name)?;
    let config = (entry.resolve)(&settings)?;
    if let Some(data) = data {
        every_refusal(&config, &(entry.defaults)(), |config| (entry.check)(config, data))
            .map_err(|refused| refused.problems)?;
    }
    Ok(ModelSpec { name, version: entry.version, config })
}

pub(super) fn measures(written: &Value, data: Option<&DataShape>) -> Result<Vec<MeasureSpec>, Vec<Problem>> {
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
        every_refusal(&config, &(entry.defaults)(), |config| (entry.check)(config, data))
            .map_err(|refused| refused.problems)?;
    }
    Ok(MeasureSpec { name, version: entry.version, config, taken_by: entry.taken_by })
}
