//! Training by gradients that a model computes itself, on the CPU: no tape, no tensors on the way.

use std::path::Path;

use burn::module::Module;
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::prelude::*;
use data::Split;
use engine::{
    Batch, GenerativeModel, RecordError, Scalars, Step, Trainer, load_module, load_optimiser, save_module,
    save_optimiser,
};

/// A model with a backward pass of its own.
pub(crate) trait HostGradients: Module + GenerativeModel + 'static {
    /// The mean NLL of images in nats, and its gradients.
    fn gradients(&self, images: &Split) -> (f64, GradientsParams);
}

/// Descends the NLL.
pub(crate) struct HostTrainer<M> {
    model: M,
    optimiser: ModuleOptimizer,
    lr: f64,
}

impl<M> HostTrainer<M> {
    pub(crate) fn new(model: M, optimiser: ModuleOptimizer, lr: f64) -> Self {
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
