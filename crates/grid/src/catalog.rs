//! The interface through which a grid reaches models, data sets, measures and facts.

use std::sync::Arc;

use protocol::{DataSpec, Fact, MeasureSpec, ModelSpec, Problem, TrainSpec};
use serde_json::Value;

/// A variant as written: blocks of settings, not yet checked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// `{name: nade, hidden: 500}`; a bare name is a model with its defaults.
    pub model: Value,
    /// `{name: digits, binarize: threshold}`; a bare name is a data set with its defaults.
    pub data: Value,
    /// `{epochs: 10, batch_size: 64}`.
    pub train: Value,
    /// `[nll, {name: iwae, k: 50}]`.
    pub measure: Value,
}

/// A variant with every default filled in and every fit checked. What many variants have alike is shared.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    /// The model.
    pub model: Arc<ModelSpec>,
    /// The data.
    pub data: Arc<DataSpec>,
    /// The training, in steps.
    pub train: TrainSpec,
    /// What to measure.
    pub measure: Arc<Vec<MeasureSpec>>,
}

/// A device that was asked for, as it will be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// `flex`, `wgpu` or `wgpu:N`.
    pub name: String,
    /// Why this one, when the request was `auto`.
    pub why: Option<String>,
}

/// A registered name and the shape of its settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The name in a grid.
    pub name: String,
    /// One line.
    pub about: String,
    /// Its settings as JSON Schema (draft 7): a closed object, without the name.
    pub settings: Value,
}

/// All names that a grid can use, with their settings; nothing where that is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// The models.
    pub models: Vec<Listed>,
    /// The data sets.
    pub data: Vec<Listed>,
    /// The measures.
    pub measures: Vec<Listed>,
    /// The facts.
    pub facts: Vec<Listed>,
    /// The `train` block as JSON Schema.
    pub train: Value,
}

/// Everything that a grid can name.
pub trait Catalog {
    /// Its names and their settings: for `genbench schema`, and to find mistakes in what no trial uses.
    fn vocabulary(&self) -> Vocabulary {
        Vocabulary::default()
    }

    /// Checks a variant and fills in its defaults.
    ///
    /// # Errors
    /// Every mistake found, with its dotted path from the draft: `model.hidden`, `measure.1.k`.
    fn resolve(&self, draft: &Draft) -> Result<Resolved, Vec<Problem>>;

    /// Evaluates a fact; `config` holds its settings without the name.
    ///
    /// # Errors
    /// An unknown name (path `name`), or every mistake in the settings, relative to `config`.
    fn fact(&self, name: &str, config: &Value) -> Result<Vec<Fact>, Vec<Problem>>;

    /// Decides what `auto|flex|wgpu|wgpu:N` means on this machine. May start a probe.
    ///
    /// # Errors
    /// No such device, with path `device`.
    fn device(&self, request: &str) -> Result<Device, Problem>;
}
