//! The interface through which a grid reaches models, data sets, measures and facts.

use std::path::PathBuf;
use std::sync::Arc;

use protocol::{Control, DataSpec, Fact, MeasureSpec, ModelSpec, Problem, TrainSpec};
use serde_json::Value;

/// A variant as the grid gives it: blocks of settings, not yet checked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// Model, such as `{name: nade, hidden: 500}`; a bare name is a model with its defaults.
    pub model: Value,
    /// Data set, such as `{name: digits, binarize: threshold}`; a bare name is a data set with its defaults.
    pub data: Value,
    /// Training, such as `{epochs: 10, batch_size: 64}`.
    pub train: Value,
    /// Measures, such as `[nll, {name: iwae, k: 50}]`.
    pub measure: Value,
}

/// A variant with all defaults, checked as a whole. Variants share equal parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    /// The model.
    pub model: Arc<ModelSpec>,
    /// The data.
    pub data: Arc<DataSpec>,
    /// The training, in steps.
    pub train: TrainSpec,
    /// The measures.
    pub measure: Arc<Vec<MeasureSpec>>,
}

/// The device chosen for a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// `flex`, `wgpu` or `wgpu:N`.
    pub name: String,
    /// Reason of the choice, if the request was `auto`.
    pub why: Option<String>,
}

/// A registered name and the schema of its settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Name in a grid.
    pub name: String,
    /// Description in one line.
    pub about: String,
    /// JSON Schema (draft 7) of its settings: a closed object without the name.
    pub settings: Value,
}

/// All names that a grid can use, with the schemas of their settings.
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
    /// JSON Schema of the `train` block.
    pub train: Value,
}

/// Models, data sets, measures, facts and devices that a grid can name.
pub trait Catalog {
    /// All names with the schemas of their settings, for `genbench schema` and for checks of parts that no trial uses.
    fn vocabulary(&self) -> Vocabulary {
        Vocabulary::default()
    }

    /// Checks a variant and fills in its defaults.
    ///
    /// # Errors
    /// All mistakes, each with its dotted path in the draft, such as `model.hidden` or `measure.1.k`.
    fn resolve(&self, draft: &Draft) -> Result<Resolved, Vec<Problem>>;

    /// The block `data` with each relative path resolved against a folder: `folder` returns that of the file that sets
    /// the dotted name, which is relative to the block.
    fn located(&self, data: &Value, _folder: &dyn Fn(&str) -> PathBuf) -> Value {
        data.clone()
    }

    /// Names of the figures of a measure; empty if they are unknown.
    fn figures(&self, _measure: &MeasureSpec) -> Vec<String> {
        Vec::new()
    }

    /// Controls of the figures of a measure.
    fn controls(&self, _measure: &MeasureSpec) -> Vec<Control> {
        Vec::new()
    }

    /// Returns whether a model is fitted in closed form, so that its seeds are repeats of one computation.
    fn is_closed_form(&self, _model: &ModelSpec) -> bool {
        false
    }

    /// Evaluates a fact; `config` holds its settings without the name.
    ///
    /// # Errors
    /// An unknown name (path `name`), or all mistakes in the settings, with paths relative to `config`.
    fn fact(&self, name: &str, config: &Value) -> Result<Vec<Fact>, Vec<Problem>>;

    /// Chooses the device on this machine for `auto`, `flex`, `wgpu` or `wgpu:N`. May start a probe.
    ///
    /// # Errors
    /// The device does not exist. The problem has the path `device`.
    fn device(&self, request: &str) -> Result<Device, Problem>;
}
