//! Models, data sets, measures and facts of a program.

use data::DataSets;
use engine::Models;
use engine::measure::Measures;
use protocol::params::unknown;
use protocol::{Build, ModelSpec, Problem, Trial};
use serde_json::Value;
use zoo::facts::Facts;

use crate::host;

/// All entries of a program, read by the planner, the worker, the timing pass, the schema and `list`.
#[derive(Clone, Debug)]
pub struct Registry {
    /// The models.
    pub models: Models,
    /// The data sets.
    pub data: DataSets,
    /// The measures.
    pub measures: Measures,
    /// The facts.
    pub facts: Facts,
    /// The build of the program, recorded in every outcome.
    pub build: Build,
}

/// Line of `genbench list`: name, description, and settings with their defaults.
pub(crate) type Line = (&'static str, &'static str, Value);

impl Registry {
    /// Returns the built-in entries.
    #[must_use]
    pub fn built_in() -> Self {
        Self {
            models: zoo::built_in(),
            data: data::built_in(),
            measures: engine::measure::built_in(),
            facts: zoo::facts::built_in(),
            build: host::build(None),
        }
    }

    /// Returns whether the model of a trial is fitted in closed form; false for a model of another program.
    pub(crate) fn closed_form(&self, trial: &Trial) -> bool {
        self.models.find(&trial.model.name).is_ok_and(|entry| (entry.closed_form)(&trial.model.config))
    }

    /// Returns the number of batches that a model takes per step; 1 for a model of another program.
    pub(crate) fn batches_per_step(&self, model: &ModelSpec) -> usize {
        self.models.find(&model.name).map_or(1, |entry| (entry.batches_per_step)(&model.config))
    }

    /// Returns the length of a trial's training in words.
    pub(crate) fn training(&self, trial: &Trial) -> String {
        let steps = trial.train.steps;
        match self.batches_per_step(&trial.model) {
            _ if self.closed_form(trial) => "one pass".to_owned(),
            1 => format!("{steps} steps"),
            batches => format!("{steps} steps of {batches} batches"),
        }
    }

    /// Returns all entries of a kind, for `genbench list`.
    pub(crate) fn list(&self, what: &str) -> Result<Vec<Line>, Problem> {
        fn lines<'r, E: std::ops::Deref<Target = protocol::Entry> + 'r>(all: &'r protocol::Registry<E>) -> Vec<Line> {
            all.iter().map(|entry| (entry.name, entry.about, (entry.defaults)())).collect()
        }
        match what {
            "models" => Ok(lines(&self.models)),
            "data" => Ok(lines(&self.data)),
            "measures" => Ok(lines(&self.measures)),
            "facts" => Ok(lines(&self.facts)),
            other => Err(unknown("", other, ["models", "data", "measures", "facts"])),
        }
    }
}
