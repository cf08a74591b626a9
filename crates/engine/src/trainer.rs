//! How a model learns. A trainer owns its modules and optimisers, one or several.

use std::fs;
use std::path::Path;

use ::nn::upload;
use burn::prelude::*;
use data::{Noise, Split};

use crate::{GenerativeModel, LossGradient, Part, Saved};
use protocol::RecordError;

/// The images of one step, on the host and on the device.
pub struct Batch {
    /// The images (and labels) as plain numbers.
    pub host: Split,
    /// The same images on the training device, `[batch, pixels]`.
    pub images: Tensor<2>,
}

impl Batch {
    /// Uploads a batch. The device should have autodiff on.
    #[must_use]
    pub fn new(host: Split, device: &Device) -> Self {
        let images = upload(&host, device);
        Self { host, images }
    }

    /// How many images.
    #[must_use]
    pub fn len(&self) -> usize {
        self.host.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.host.is_empty()
    }
}

/// Where training stands, and the only source of randomness in it.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// The step, counted from 0.
    pub index: u64,
    /// The schedule's factor on every learning rate.
    pub lr_factor: f64,
    /// The trial's seed.
    pub seed: u64,
}

impl Step {
    /// The stream for `purpose` at this step.
    #[must_use]
    pub fn noise(&self, purpose: &str) -> Noise {
        Noise::new(self.seed, purpose, self.index)
    }
}

/// Named one-element tensors, still on the device: reading them is the synchronisation point.
pub struct Scalars(pub Vec<(&'static str, Tensor<1>)>);

impl Scalars {
    /// Reads the values.
    #[must_use]
    pub fn read(self) -> Vec<(&'static str, f64)> {
        self.0.into_iter().map(|(name, value)| (name, f64::from(value.into_scalar::<f32>()))).collect()
    }
}

/// A trainer inside another one, in the folder `name`.
impl Saved for &mut dyn Trainer {
    fn save(&mut self, dir: &Path, name: &str) -> Result<(), RecordError> {
        let folder = dir.join(name);
        fs::create_dir_all(&folder).map_err(|error| RecordError::new(&folder, error))?;
        Trainer::save(&mut **self, &folder)
    }

    fn load(&mut self, dir: &Path, name: &str) -> Result<(), RecordError> {
        Trainer::load(&mut **self, &dir.join(name))
    }
}

/// Restores every part from `dir`, in order: for trainers that override [`Trainer::load`].
///
/// # Errors
/// A file cannot be read or does not fit.
pub fn load_parts(parts: Vec<Part<'_>>, dir: &Path) -> Result<(), RecordError> {
    parts.into_iter().try_for_each(|mut part| part.load(dir))
}

/// One trial's mutable state.
pub trait Trainer {
    /// Takes one optimisation step. Must not read a tensor back: the session does, on its schedule.
    fn step(&mut self, batch: &Batch, at: &Step) -> Scalars;

    /// The gradients of every loss that [`Trainer::step`] minimises for this batch, at the present weights.
    ///
    /// The losses are those of a step, except that no network has taken its step yet. Closed-form trainers return an
    /// empty list. Batch normalisation moves its running statistics as in a step: do not train on afterwards.
    fn gradients(&self, batch: &Batch, at: &Step) -> Vec<LossGradient>;

    /// Called once when training is over: tables choose their smoothing here.
    fn finish(&mut self, _validation: &Split) {}

    /// The current model without autodiff. Later steps do not affect it.
    fn snapshot(&self) -> Box<dyn GenerativeModel>;

    /// The parts that the next step depends on: modules, then every optimiser, then other state.
    fn parts(&mut self) -> Vec<Part<'_>>;

    /// Saves every part as a file of `dir`.
    ///
    /// # Errors
    /// A file cannot be written.
    fn save(&mut self, dir: &Path) -> Result<(), RecordError> {
        self.parts().iter_mut().try_for_each(|part| part.save(dir))
    }

    /// Restores what [`Trainer::save`] saved, in the order of the parts.
    ///
    /// # Errors
    /// A file cannot be read or does not fit.
    fn load(&mut self, dir: &Path) -> Result<(), RecordError> {
        load_parts(self.parts(), dir)
    }
}
