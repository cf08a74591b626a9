//! Blocks of a grid: looks up models, data sets and measures, fills in defaults and checks settings.

use std::sync::Arc;

use data::{DataError, DataSets, DataShape, DataSource, PathSetting, path_settings, setting_of_file};
use engine::Models;
use engine::measure::Measures;
use protocol::params::{Refused, every_refusal};
use protocol::{DataSpec, Meaning, MeasureSpec, ModelSpec, Problem};
use serde_json::{Value, json};

use super::named::named;

/// Measures of a grid without `measure`.
const DEFAULT_MEASURES: [&str; 6] = ["nll", "elbo", "fid_proxy", "throughput", "parameters", "peak_memory"];

/// Data set with its shape.
pub(super) type DescribedData = (Arc<DataSpec>, DataShape);

/// Mistakes in the data, and the shape with each wrong setting replaced by its default.
pub(super) struct DataProblems {
    pub(super) problems: Vec<Problem>,
    pub(super) shape: Option<Box<DataShape>>,
}

impl From<Vec<Problem>> for DataProblems {
    fn from(problems: Vec<Problem>) -> Self {
        Self { problems, shape: None }
    }
}

/// Resolves a data set. `known` returns a data set that was described before, by name and settings.
pub(super) fn data(
    written: &Value,
    sets: &DataSets,
    known: impl FnOnce(&str) -> Option<DescribedData>,
) -> Result<(String, DescribedData), DataProblems> {
    let (name, settings) = named(written, sets)?;
    let entry = sets.find(&name).map_err(|problem| vec![problem])?;
    let settings = entry.present_names(&settings).map_err(|problem| vec![problem])?;
    let config = (entry.resolve)(&settings, sets)?;
    let key = format!("{name} {config}");
    if let Some(known) = known(&key) {
        return Ok((key, known));
    }
    let open = |config: &Value| (entry.open)(config, sets).map_err(|mut problems| problems.swap_remove(0));
    let describe = |config: &Value| {
        let set = open(config)?;
        set.describe().map_err(|error| problem(&*set, error))
    };
    every_refusal(&config, &(entry.defaults)(), |config| describe(config).map(drop)).map_err(
        |Refused { problems, with_defaults }| DataProblems {
            problems,
            shape: describe(&with_defaults).ok().map(Box::new),
        },
    )?;
    let shape = describe(&config).map_err(|problem| vec![problem])?;
    let set = open(&config).map_err(|problem| vec![problem])?;
    let hash = set.hash().map_err(|error| vec![problem(&*set, error)])?;
    let meaning = entry.meaning(&config, &|settings| (entry.resolve)(settings, sets).ok());
    let reading = set.reading().map_err(|error| vec![problem(&*set, error)])?;
    let meaning = Some(Meaning { reading, ..meaning.without(set.path_settings()) });
    Ok((key, (Arc::new(DataSpec { name, version: entry.version, config, hash, meaning }), shape)))
}

/// The problem of a data set. One with a file is located at the setting that leads to the file.
fn problem(set: &dyn DataSource, error: DataError) -> Problem {
    let file = match error {
        DataError::Setting(problem) => return problem,
        DataError::Io { ref path, .. } | DataError::Format { ref path, .. } => path,
        other => return Problem::new("", other.to_string()),
    };
    let settings = path_settings(set);
    let setting = setting_of_file(&settings, file).map(|setting| setting.name.clone());
    Problem::new(setting.unwrap_or_default(), error.to_string())
}

/// The settings of a data set that are paths; none if the settings have mistakes, which are reported elsewhere.
pub(super) fn paths(written: &Value, sets: &DataSets) -> Vec<PathSetting> {
    let opened = named(written, sets).ok().and_then(|(name, settings)| {
        let entry = sets.find(&name).ok()?;
        (entry.open)(&settings, sets).ok()
    });
    opened.map(|set| path_settings(&*set)).unwrap_or_default()
}

/// Resolves a model and checks it against the data, if these are known.
pub(super) fn model(written: &Value, data: Option<&DataShape>, models: &Models) -> Result<ModelSpec, Vec<Problem>> {
    let (name, settings) = named(written, models)?;
    let entry = models.find(&name).map_err(|problem| vec![problem])?;
    let settings = entry.present_names(&settings).map_err(|problem| vec![problem])?;
    let config = (entry.resolve)(&settings)?;
    if let Some(data) = data {
        every_refusal(&config, &(entry.defaults)(), |config| (entry.check)(config, data))
            .map_err(|refused| refused.problems)?;
    }
    let meaning = Some(entry.meaning(&config, &|settings| (entry.resolve)(settings).ok()));
    Ok(ModelSpec { name, version: entry.version, config, meaning })
}

/// Resolves a list of measures, or the default list if none is written.
pub(super) fn measures(
    written: &Value,
    data: Option<&DataShape>,
    all: &Measures,
) -> Result<Vec<MeasureSpec>, Vec<Problem>> {
    let default = json!(DEFAULT_MEASURES);
    let list = match written {
        Value::Null => default.as_array(),
        other => other.as_array(),
    };
    let list =
        list.ok_or_else(|| vec![Problem::new("", "expected a list").help("such as [nll, {name: iwae, k: 50}]")])?;
    let (mut specs, mut problems) = (Vec::<MeasureSpec>::new(), Vec::new());
    for (index, written) in list.iter().enumerate() {
        match measure(written, data, all) {
            Ok(spec) if specs.contains(&spec) => {
                problems.push(Problem::new(
                    index.to_string(),
                    format!("`{}` is listed twice with the same settings", spec.name),
                ));
            }
            Ok(spec) => specs.push(spec),
            Err(found) => problems.extend(found.into_iter().map(|problem| problem.under(&index.to_string()))),
        }
    }
    if problems.is_empty() { Ok(specs) } else { Err(problems) }
}

fn measure(written: &Value, data: Option<&DataShape>, all: &Measures) -> Result<MeasureSpec, Vec<Problem>> {
    let (name, settings) = named(written, all)?;
    let entry = all.find(&name).map_err(|problem| vec![problem])?;
    let config = (entry.resolve)(&settings)?;
    if let Some(data) = data {
        every_refusal(&config, &(entry.defaults)(), |config| (entry.check)(config, data))
            .map_err(|refused| refused.problems)?;
    }
    Ok(entry.spec(config))
}
