//! Trainer of models that compute their gradients on the CPU, without autodiff.

use ::nn::Optimiser;
use burn::module::Module;
use burn::optim::GradientsParams;
use burn::prelude::*;
use data::Split;

use crate::{Batch, GenerativeModel, LossGradient, Part, Scalars, Step, Trainer, descents};

/// A model that computes its loss and its gradients on the CPU.
///
/// [`HostTrainer`] trains it. The fused kernels of `nn` compute layers and their gradients.
pub trait HostGradients: Module + GenerativeModel + 'static {
    /// Mean negative log-likelihood of `images` in nats per image, and its gradients, keyed by the parameter ids of the
    /// model's parameters.
    fn gradients(&self, images: &Split) -> (f64, GradientsParams);
}

/// Minimises the negative log-likelihood of a [`HostGradients`] model.
pub struct HostTrainer<M> {
    model: M,
    optimiser: Optimiser,
    lr: f64,
}

impl<M> HostTrainer<M> {
    /// Trainer of `model` with `optimiser` at learning rate `lr`, which the schedule multiplies.
    pub fn new(model: M, optimiser: Optimiser, lr: f64) -> Self {
        Self { model, optimiser, lr }
    }
}

impl<M: HostGradients> Trainer for HostTrainer<M> {
    fn step(&mut self, batch: &Batch, at: &Step) -> Scalars {
        let (nll, gradients) = self.model.gradients(&batch.host);
        let lr = self.lr * at.lr_factor;
        descents::report(lr, &self.model, &gradients);
        self.model = self.optimiser.step(lr, self.model.clone(), gradients);
        Scalars(vec![("nll", Tensor::from_floats([nll as f32], &Device::flex()))])
    }

    fn gradients(&self, batch: &Batch, _at: &Step) -> Vec<LossGradient> {
        let (_, gradients) = self.model.gradients(&batch.host);
        vec![LossGradient::from_params("nll", &self.model, &gradients)]
    }

    fn snapshot(&self) -> Box<dyn GenerativeModel> {
        Box::new(self.model.valid())
    }

    fn parts(&mut self) -> Vec<Part<'_>> {
        vec![Part::module("model", &mut self.model), Part::optimiser("optimiser", &mut self.optimiser)]
    }
}
