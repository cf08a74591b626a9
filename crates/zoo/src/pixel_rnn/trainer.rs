//! Training on the CPU: gradients are computed by [`super::host`] and handed to the optimiser.

use std::path::Path;

use burn::module::Module;
use burn::optim::ModuleOptimizer;
use burn::prelude::*;
use engine::{
    Batch, GenerativeModel, RecordError, Scalars, Step, Trainer, load_module, load_optimiser, save_module,
    save_optimiser,
};

use super::host::Host;
use super::network::PixelRnn;

/// Descends the NLL on the host.
pub(super) struct HostTrainer {
    pub(super) model: PixelRnn,
    pub(super) optimiser: ModuleOptimizer,
    pub(super) lr: f64,
}

impl Trainer for HostTrainer {
    fn step(&mut self, batch: &Batch, at: &Step) -> Scalars {
        let descent = Host::of(&self.model).descend(&batch.host);
        let gradients = descent.register(&self.model);
        self.model = self.optimiser.step(self.lr * at.lr_factor, self.model.clone(), gradients);
        Scalars(vec![("nll", Tensor::from_floats([descent.nll as f32], &Device::flex()))])
    }

    fn snapshot(&self) -> Box<dyn GenerativeModel> {
        Box::new(self.model.valid())
    }

    fn save(&self, dir: &Path) -> Result<(), RecordError> {
        save_module(&self.model, dir, "model")?;
        save_optimiser(&self.optimiser, dir, "optimiser")
    }

    fn load(&mut self, dir: &Path) -> Result<(), RecordError> {
        self.model = load_module(self.model.clone(), dir, "model")?;
        self.optimiser = load_optimiser(self.optimiser.clone(), dir, "optimiser")?;
        Ok(())
    }
}
