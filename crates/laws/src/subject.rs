//! Subject of a law: a model with tiny settings on a tiny data set.

use std::cell::OnceCell;
use std::ops::Range;

use burn::prelude::Device;
use data::{DataShape, Dataset};
use engine::{Batch, GenerativeModel, ModelEntry, Step, Trainer};
use protocol::{Optim, Problem};
use serde_json::Value;

use crate::cells::Cells;
use crate::data::{IMAGES, supported};
use crate::defect::Wrap;

/// Number of images per training step.
const BATCH: usize = 32;
/// Number of training steps of a model that is not estimated in closed form.
const STEPS: u64 = 400;

/// Model with settings from [`ModelConfig::tiny`](engine::ModelConfig::tiny) on one data set.
pub struct Subject<'a> {
    /// Registry entry of the model.
    pub entry: &'a ModelEntry,
    /// Settings of the model.
    pub settings: Value,
    /// Name of the data set, for messages.
    pub data_name: &'static str,
    /// Data set.
    pub data: Dataset,
    defect: Option<Wrap>,
    untrained: OnceCell<Box<dyn GenerativeModel>>,
    trained: OnceCell<Box<dyn GenerativeModel>>,
}

impl std::fmt::Display for Subject<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} on {} data", self.entry.name, self.settings, self.data_name)
    }
}

impl<'a> Subject<'a> {
    /// Returns a model with resolved `settings` on `data`, which it must support.
    #[must_use]
    pub fn new(entry: &'a ModelEntry, settings: Value, data_name: &'static str, data: Dataset) -> Self {
        let (untrained, trained) = (OnceCell::new(), OnceCell::new());
        Self { entry, settings, data_name, data, defect: None, untrained, trained }
    }

    /// Returns the same model on other data.
    #[must_use]
    pub fn on(&self, data_name: &'static str, data: Dataset) -> Self {
        Self { defect: self.defect, ..Self::new(self.entry, self.settings.clone(), data_name, data) }
    }

    /// Returns the same model with a defect in its trainer.
    #[must_use]
    pub fn with_defect(&self, defect: Wrap) -> Self {
        Self { defect: Some(defect), ..self.on(self.data_name, self.data.clone()) }
    }

    /// Returns whether the model supports data of this shape.
    #[must_use]
    pub fn supports(&self, shape: &DataShape) -> bool {
        (self.entry.check)(&self.settings, shape).is_ok()
    }

    /// Returns whether the model is estimated in closed form, by one pass over the training images.
    #[must_use]
    pub fn is_closed_form(&self) -> bool {
        (self.entry.closed_form)(&self.settings)
    }

    /// Number of training steps.
    #[must_use]
    pub fn steps(&self) -> u64 {
        if self.is_closed_form() { (IMAGES / BATCH) as u64 } else { STEPS }
    }

    /// Number of pixels per image, channels included.
    #[must_use]
    pub fn pixels(&self) -> usize {
        self.data.shape.pixels()
    }

    /// Returns all images of the support of the data, or quadrature cells; `None` if there are too many.
    #[must_use]
    pub fn cells(&self) -> Option<Cells> {
        Cells::of(&self.data.shape)
    }

    /// Builds the untrained model with weights from `seed`.
    ///
    /// # Panics
    /// If the model refuses the data.
    #[must_use]
    pub fn fresh(&self, seed: u64, device: &Device) -> Box<dyn Trainer> {
        self.optimised(seed, &Optim::default(), device)
            .unwrap_or_else(|problem| panic!("{self}: the check passes, but the model is not built: {problem}"))
    }

    /// Builds the untrained model with weights from `seed` and the optimiser settings of a grid.
    ///
    /// # Errors
    /// The model or its trainer refuses the data or the settings.
    pub fn optimised(&self, seed: u64, optim: &Optim, device: &Device) -> Result<Box<dyn Trainer>, Problem> {
        let trainer = (self.entry.build)(&self.settings, &self.data.shape, seed, device)?;
        let trainer = engine::with_optim(trainer, optim)?;
        Ok(match self.defect {
            Some(wrap) => wrap(trainer),
            None => trainer,
        })
    }

    /// Returns whether planning accepts the optimiser settings for the model.
    #[must_use]
    pub fn takes(&self, optim: &Optim) -> bool {
        (self.entry.check_optim)(&self.settings, optim).is_ok()
    }

    /// Takes the training steps `steps` and returns all logged scalars.
    ///
    /// Batches are consecutive training images. Batches and noise depend only on `(seed, step)`.
    pub fn advance(&self, trainer: &mut dyn Trainer, seed: u64, steps: Range<u64>, device: &Device) -> Vec<f64> {
        let mut losses = Vec::new();
        for index in steps {
            let indices: Vec<usize> =
                (0..BATCH).map(|image| (index as usize * BATCH + image) % self.data.train.len()).collect();
            let batch = Batch::new(self.data.batch(&indices, index), device);
            let scalars = trainer.step(&batch, &Step { index, lr_factor: 1.0, seed });
            losses.extend(scalars.read().into_iter().map(|(_, value)| value));
        }
        losses
    }

    /// Returns the snapshot of the untrained model with seed 0.
    pub fn untrained(&self) -> &dyn GenerativeModel {
        &**self.untrained.get_or_init(|| self.fresh(0, &flex()).snapshot())
    }

    /// Returns the snapshot of the model with seed 0 after training: 400 steps of 32 images, or one pass over 256.
    pub fn trained(&self) -> &dyn GenerativeModel {
        &**self.trained.get_or_init(|| {
            let device = flex();
            let mut trainer = self.fresh(0, &device);
            self.advance(&mut *trainer, 0, 0..self.steps(), &device);
            trainer.finish(&self.data.validation);
            trainer.snapshot()
        })
    }

    /// Returns a capability of the trained model. A model without the capability is not trained.
    pub fn capability<'s, C>(&'s self, get: impl Fn(&'s dyn GenerativeModel) -> Option<C>) -> Option<C> {
        get(self.untrained())?;
        get(self.trained())
    }
}

/// Returns all tiny settings of a model on each of the data sets that they support.
#[must_use]
pub fn subjects(entry: &ModelEntry) -> Vec<Subject<'_>> {
    let kinds = (entry.tiny)().into_iter();
    kinds
        .flat_map(|settings| {
            let data = supported(|shape| (entry.check)(&settings, shape).is_ok());
            data.into_iter().map(move |(name, data)| Subject::new(entry, settings.clone(), name, data))
        })
        .collect()
}

/// Returns all subjects in every ordering of the pixels that the model supports.
///
/// A model has orderings if its settings have a key `ordering` whose schema lists choices.
#[must_use]
pub fn subjects_in_every_ordering(entry: &ModelEntry) -> Vec<Subject<'_>> {
    let orderings = choices(&(entry.schema)()["properties"]["ordering"]);
    let mut all = Vec::new();
    for subject in subjects(entry) {
        if orderings.is_empty() || subject.settings.get("ordering").is_none() {
            all.push(subject);
            continue;
        }
        for ordering in &orderings {
            let mut settings = subject.settings.clone();
            settings["ordering"] = ordering.clone();
            if (entry.check)(&settings, &subject.data.shape).is_ok() {
                all.push(Subject::new(entry, settings, subject.data_name, subject.data.clone()));
            }
        }
    }
    all
}

/// Returns the values that a schema lists: `enum`, `const`, and those of its alternatives.
fn choices(schema: &Value) -> Vec<Value> {
    let list = |key: &str| schema[key].as_array().cloned().unwrap_or_default();
    let alternatives = ["anyOf", "oneOf"].into_iter().flat_map(list);
    let named = list("enum").into_iter().chain(schema.get("const").cloned());
    named.chain(alternatives.flat_map(|alternative| choices(&alternative))).collect()
}

/// Returns the tiny settings of a model that support none of the data sets.
#[must_use]
pub fn settings_without_data(entry: &ModelEntry) -> Vec<Value> {
    let kinds = (entry.tiny)().into_iter();
    kinds.filter(|settings| supported(|shape| (entry.check)(settings, shape).is_ok()).is_empty()).collect()
}

/// Returns the CPU with autodiff, on which all laws except that of backends train.
pub(crate) fn flex() -> Device {
    Device::flex().autodiff()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::models::{Counts, Logistic};

    #[test]
    fn a_model_is_a_subject_in_each_ordering_that_its_schema_lists() {
        let entry = ModelEntry::of::<Logistic>();
        let orderings: Vec<_> =
            subjects_in_every_ordering(&entry).iter().map(|subject| subject.settings["ordering"].clone()).collect();
        assert_eq!(orderings, [json!("raster"), json!("reverse")]);
        assert_eq!(subjects_in_every_ordering(&ModelEntry::of::<Counts>()).len(), 1);
    }

    #[test]
    fn choices_are_found_in_alternatives() {
        let schema = json!({"anyOf": [{"enum": ["a", "b"]}, {"oneOf": [{"const": "c"}]}, {"type": "array"}]});
        assert_eq!(choices(&schema), [json!("a"), json!("b"), json!("c")]);
        assert!(choices(&Value::Null).is_empty());
    }
}
