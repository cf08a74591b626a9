//! Catalog over a registry.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;

use data::{DataShape, PathSetting};
use grid::{Catalog, Device, Draft, Listed, Resolved, Vocabulary};
use protocol::timing::Counter;
use protocol::{Control, Entry, Fact, MeasureSpec, ModelSpec, Problem, TakenBy, TrainSpec, params};
use serde_json::Value;

use super::blocks::{self, DataProblems, DescribedData, measures, model};
use super::one_entry_cache::OneEntryCache;
use super::train::{TrainDraft, train};
use crate::doctor;
use crate::registry::Registry;

/// Catalog over a registry. It describes each data set once, and caches the last model and the last list of measures.
pub(crate) struct RegistryCatalog<'r> {
    registry: &'r Registry,
    described: RefCell<BTreeMap<String, DescribedData>>,
    paths: OneEntryCache<Vec<PathSetting>>,
    data: OneEntryCache<DescribedData>,
    model: OneEntryCache<Arc<ModelSpec>>,
    measure: OneEntryCache<Arc<Vec<MeasureSpec>>>,
}

impl Catalog for RegistryCatalog<'_> {
    fn vocabulary(&self) -> Vocabulary {
        fn listed<E: Deref<Target = Entry>>(all: &protocol::Registry<E>) -> Vec<Listed> {
            let listed = |entry: &E| Listed {
                name: entry.name.into(),
                about: entry.about.into(),
                settings: entry.schema_with_old_names(),
            };
            all.iter().map(listed).collect()
        }
        Vocabulary {
            models: listed(&self.registry.models),
            data: listed(&self.registry.data),
            measures: listed(&self.registry.measures),
            facts: listed(&self.registry.facts),
            train: params::schema::<TrainDraft>(),
        }
    }

    fn is_closed_form(&self, model: &ModelSpec) -> bool {
        self.registry.models.find(&model.name).is_ok_and(|entry| (entry.closed_form)(&model.config))
    }

    fn resolve(&self, draft: &Draft) -> Result<Resolved, Vec<Problem>> {
        let mut problems = Vec::new();
        let (data, shape, data_is_valid) = match self.data.get_or_read(&draft.data, None, || self.data(&draft.data)) {
            Ok((data, shape)) => (Some(data), Some(shape), true),
            Err(DataProblems { problems: found, shape }) => {
                problems.extend(found.into_iter().map(|problem| problem.under("data")));
                (None, shape.map(|shape| *shape), false)
            }
        };
        let shape: Option<&DataShape> = shape.as_ref();
        let read = |shape: Option<&DataShape>| {
            self.model
                .get_or_read(&draft.model, shape, || model(&draft.model, shape, &self.registry.models).map(Arc::new))
        };
        let model = result_or_collect(read_for(shape, data_is_valid, read), "model", &mut problems);
        let read = |shape: Option<&DataShape>| {
            self.measure.get_or_read(&draft.measure, shape, || {
                measures(&draft.measure, shape, &self.registry.measures).map(Arc::new)
            })
        };
        let measure = result_or_collect(read_for(shape, data_is_valid, read), "measure", &mut problems);
        let batches_per_step = model.as_ref().map_or(1, |model| self.registry.batches_per_step(model));
        let train = train(&draft.train, shape.filter(|_| data_is_valid), batches_per_step);
        let train = result_or_collect(train, "train", &mut problems);
        if let (Some(model), Some(train)) = (&model, &train)
            && let Err(problem) = self.takes_optim(model, train)
        {
            problems.push(problem.under("train.optim"));
        }
        match (model, data, train, measure) {
            (Some(model), Some(data), Some(train), Some(measure)) if problems.is_empty() => {
                Ok(Resolved { model, data, train, measure })
            }
            _ => Err(problems),
        }
    }

    fn located(&self, data: &Value, folder: &dyn Fn(&str) -> PathBuf) -> Value {
        let found = || Ok::<_, Infallible>(blocks::paths(data, &self.registry.data));
        let Ok(paths) = self.paths.get_or_read(data, None, found);
        let mut located = data.clone();
        for setting in &paths {
            if let Some(path) = setting.resolved(&folder(&setting.name)) {
                setting.write(&mut located, path);
            }
        }
        located
    }

    fn figures(&self, measure: &MeasureSpec) -> Vec<String> {
        match measure.taken_by() {
            TakenBy::TimingPass => return runner::TIMING_FIGURES.map(str::to_owned).to_vec(),
            TakenBy::CountingPass => return Counter::figures(),
            TakenBy::Worker => {}
        }
        self.registry.measures.find(&measure.name).map(|entry| entry.figure_names(measure)).unwrap_or_default()
    }

    fn controls(&self, measure: &MeasureSpec) -> Vec<Control> {
        let entry = self.registry.measures.find(&measure.name);
        entry.map(|entry| (entry.controls)(&measure.config)).unwrap_or_default()
    }

    fn fact(&self, name: &str, config: &Value) -> Result<Vec<Fact>, Vec<Problem>> {
        let entry = self.registry.facts.find(name).map_err(|problem| vec![problem])?;
        let counts = entry.count(config)?;
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

impl<'r> RegistryCatalog<'r> {
    /// Creates the catalog of `registry`.
    pub(crate) fn new(registry: &'r Registry) -> Self {
        Self {
            registry,
            described: RefCell::default(),
            paths: OneEntryCache::default(),
            data: OneEntryCache::default(),
            model: OneEntryCache::default(),
            measure: OneEntryCache::default(),
        }
    }

    /// Refuses optimiser settings that the model cannot take.
    fn takes_optim(&self, model: &ModelSpec, train: &TrainSpec) -> Result<(), Problem> {
        if train.optim.is_default() {
            return Ok(());
        }
        (self.registry.models.find(&model.name)?.check_optim)(&model.config, &train.optim)
    }

    fn data(&self, written: &Value) -> Result<DescribedData, DataProblems> {
        let (key, described) =
            blocks::data(written, &self.registry.data, |key| self.described.borrow().get(key).cloned())?;
        self.described.borrow_mut().insert(key, described.clone());
        Ok(described)
    }
}

/// Reads a block for a shape of data. If the data have mistakes of their own, only mistakes in single settings are
/// returned, not that the block does not fit the data.
fn read_for<T>(
    shape: Option<&DataShape>,
    data_is_valid: bool,
    read: impl Fn(Option<&DataShape>) -> Result<T, Vec<Problem>>,
) -> Result<T, Vec<Problem>> {
    if data_is_valid {
        return read(shape);
    }
    read(None)?;
    let whole = |problem: &Problem| problem.path.rsplit('.').all(|key| key.parse::<usize>().is_ok() || key.is_empty());
    read(shape).map_err(|mut problems| {
        problems.retain(|problem| !whole(problem));
        problems
    })
}

/// Returns the result, or adds its problems to the others under the name of the block.
fn result_or_collect<T>(read: Result<T, Vec<Problem>>, block: &str, problems: &mut Vec<Problem>) -> Option<T> {
    read.map_err(|found| problems.extend(found.into_iter().map(|problem| problem.under(block)))).ok()
}
