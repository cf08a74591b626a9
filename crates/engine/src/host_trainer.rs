//! The trainer of models that compute their gradients on the host, without autodiff.

use std::path::Path;

use ::nn::{load_module, load_optimiser, save_module, save_optimiser};
use burn::module::Module;
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::prelude::*;
use data::Split;

use crate::{Batch, GenerativeModel, RecordError, Scalars, Step, Trainer};

/// A model that computes its loss and its gradients on the host.
pub trait HostGradients: Module + GenerativeModel + 'static {
    /// The mean negative log-likelihood of images in nats, and its gradients keyed by the model's parameters.
    fn gradients(&self, images: &Split) -> (f64, GradientsParams);
}

/// Minimises the negative log-likelihood of a [`HostGradients`] model.
pub struct HostTrainer<M> {
    model: M,
    optimiser: ModuleOptimizer,
    lr: f64,
}

impl<M> HostTrainer<M> {
    /// Trains `model` with `optimiser` at learning rate `lr`.
    pub fn new(model: M, optimiser: ModuleOptimizer, lr: f64) -> Self {
        Self { model, optimiser, lr }
    }
}

impl<M: HostGradients> Trainer for HostTrainer<M> {
    fn step(&mut self, batch: &Batch, at: &Step) -> Scalars {
        let (nll, gradients) = self.model.gradients(&batch.host);
        self.model = self.optimiser.step(self.lr * at.lr_factor, self.model.clone(), gradients);
        Scalars(vec![("nll", Tensor::from_floats([nll as f32], &Device::flex()))])
    }

    fn snapshot(&self) -> Box<dyn GenerativeModel> {
        Box::new(self.model.valid())
    }

    fn save(&self, dir: &Path) -> Result<(), RecordError> {
        save_module(&self.model, dir, "model")?;
        save_optimiser(&self.optimiser, dir, "optimiser")
    }

    fn load(&mut self, dir: &Path) -> Result<(), RecordError> {
        // The module first: it restores the parameter ids by which the optimiser's state is keyed.
        self.model = load_module(self.model.clone(), dir, "model")?;
        self.optimiser = load_optimiser(self.optimiser.clone(), dir, "optimiser")?;
        Ok(())
    }
}
