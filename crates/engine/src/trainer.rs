//! Interface of training: batches, steps, scalars, and the trainer that owns modules and optimisers.

use std::fs;
use std::path::Path;

use ::nn::upload;
use burn::prelude::*;
use data::{Noise, Split};

use crate::{Element, GenerativeModel, LossGradient, Part, Saved};
use protocol::RecordError;

/// The images of one step, on the host and on the device.
pub struct Batch {
    /// The images as plain numbers, with their labels, captions or parts.
    pub host: Split,
    /// The same images on the training device, `[images, pixels]`.
    pub images: Tensor<2>,
}

impl Batch {
    /// Uploads a batch to `device`, which must have autodiff enabled if the model trains by autodiff.
    #[must_use]
    pub fn new(host: Split, device: &Device) -> Self {
        let images = upload(&host, device);
        Self { host, images }
    }

    /// Number of images.
    #[must_use]
    pub fn len(&self) -> usize {
        self.host.len()
    }

    /// Returns whether the batch has no images.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.host.is_empty()
    }
}

/// Position in training, and the only source of randomness of a step.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Number of the step, from 0.
    pub index: u64,
    /// Factor of the learning-rate schedule, 0 to 1. Multiply every learning rate by it.
    pub lr_factor: f64,
    /// Seed of the trial.
    pub seed: u64,
}

impl Step {
    /// Random stream for `purpose`, keyed by seed, purpose and step. Equal arguments give equal streams.
    #[must_use]
    pub fn noise(&self, purpose: &str) -> Noise {
        Noise::new(self.seed, purpose, self.index)
    }
}

/// Named one-element tensors on the training device. Reading them waits for the device.
pub struct Scalars(pub Vec<(&'static str, Tensor<1>)>);

impl Scalars {
    /// Reads the values to the host.
    #[must_use]
    pub fn read(self) -> Vec<(&'static str, f64)> {
        self.0.into_iter().map(|(name, value)| (name, f64::from(value.into_scalar::<f32>()))).collect()
    }
}

/// A trainer inside another trainer, saved in the folder `name`.
impl Saved for &mut dyn Trainer {
    fn save(&mut self, dir: &Path, name: &str) -> Result<(), RecordError> {
        let folder = dir.join(name);
        fs::create_dir_all(&folder).map_err(|error| RecordError::new(&folder, error))?;
        Trainer::save(&mut **self, &folder)
    }

    fn load(&mut self, dir: &Path, name: &str) -> Result<(), RecordError> {
        Trainer::load(&mut **self, &dir.join(name))
    }

    fn visit(&mut self, visit: &mut dyn FnMut(Element<'_>)) {
        visit_elements(&mut **self, visit);
    }
}

/// Calls `visit` with every module and optimiser among the parts of a trainer, in the order of the parts.
pub(crate) fn visit_elements(trainer: &mut dyn Trainer, visit: &mut dyn FnMut(Element<'_>)) {
    trainer.parts().iter_mut().for_each(|part| part.visit(visit));
}

/// Restores every part from `dir` in the order of the list, for trainers that override [`Trainer::load`].
///
/// # Errors
/// A file cannot be read, or its content does not match the part.
pub fn load_parts(parts: Vec<Part<'_>>, dir: &Path) -> Result<(), RecordError> {
    parts.into_iter().try_for_each(|mut part| part.load(dir))
}

/// Mutable state of training: modules, optimisers and other state.
///
/// Most models need no implementation of their own: [`Minimise`](crate::Minimise) trains a module by one loss, and
/// [`HostTrainer`](crate::HostTrainer) trains a model with gradients computed on the CPU. A model with several
/// optimisers, such as a GAN, implements the trait.
///
/// Training resumes bit for bit if a step depends only on the parts, the batch and the [`Step`]. Draw all random
/// numbers from [`Step::noise`].
///
/// ```
/// use burn::prelude::*;
/// use engine::{Batch, GenerativeModel, LossGradient, Part, Scalars, Step, Trainer};
///
/// #[derive(Clone)]
/// struct Blank;
///
/// impl GenerativeModel for Blank {
///     fn parameters(&self) -> u64 {
///         0
///     }
/// }
///
/// /// Counts the images that it has seen.
/// struct Counter {
///     images: u64,
/// }
///
/// impl Trainer for Counter {
///     fn step(&mut self, batch: &Batch, _at: &Step) -> Scalars {
///         self.images += batch.len() as u64;
///         Scalars(vec![("images", Tensor::from_floats([self.images as f32], &Device::flex()))])
///     }
///
///     fn gradients(&self, _batch: &Batch, _at: &Step) -> Vec<LossGradient> {
///         Vec::new()
///     }
///
///     fn snapshot(&self) -> Box<dyn GenerativeModel> {
///         Box::new(Blank)
///     }
///
///     fn parts(&mut self) -> Vec<Part<'_>> {
///         vec![Part::json("images", &mut self.images)]
///     }
/// }
///
/// let batch = Batch::new(data::Split::new(vec![0.0; 8], 4), &Device::flex());
/// let at = Step { index: 0, lr_factor: 1.0, seed: 0 };
/// assert_eq!(Counter { images: 0 }.step(&batch, &at).read(), [("images", 2.0)]);
/// ```
pub trait Trainer {
    /// Takes one optimisation step and returns the scalars to log: losses in nats or other units, by name.
    ///
    /// Does not read tensors from the device: the session reads the scalars about 100 times per run. A scalar that is
    /// not finite, or above [`DIVERGENCE_LIMIT`](protocol::outcome::DIVERGENCE_LIMIT) in size, ends the trial as diverged.
    fn step(&mut self, batch: &Batch, at: &Step) -> Scalars;

    /// Gradients of every loss that [`Trainer::step`] minimises for this batch, at the current weights.
    ///
    /// All gradients are taken before any network changes. Closed-form trainers return an empty list. Batch
    /// normalisation updates its running statistics as in a step, so discard the trainer afterwards. The laws compare
    /// these gradients with finite differences.
    fn gradients(&self, batch: &Batch, at: &Step) -> Vec<LossGradient>;

    /// Completes training with the validation split; called once after the last step. Tables choose their smoothing
    /// here. The default does nothing.
    fn finish(&mut self, _validation: &Split) {}

    /// Copy of the current model without autodiff. Later steps do not change it.
    fn snapshot(&self) -> Box<dyn GenerativeModel>;

    /// All state on which the next step depends, in the order modules, optimisers, other state. A checkpoint contains
    /// these parts.
    fn parts(&mut self) -> Vec<Part<'_>>;

    /// Saves every part as a file in the existing folder `dir`.
    ///
    /// # Errors
    /// A file cannot be written.
    fn save(&mut self, dir: &Path) -> Result<(), RecordError> {
        self.parts().iter_mut().try_for_each(|part| part.save(dir))
    }

    /// Restores the state that [`Trainer::save`] saved, in the order of the parts.
    ///
    /// # Errors
    /// A file cannot be read, or its content does not match the part.
    fn load(&mut self, dir: &Path) -> Result<(), RecordError> {
        load_parts(self.parts(), dir)
    }
}
