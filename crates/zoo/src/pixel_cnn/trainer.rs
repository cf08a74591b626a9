//! Training on the CPU: gradients from [`super::host`], handed to the optimiser.

use std::path::Path;

use burn::module::Module;
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::prelude::*;
use data::Split;
use engine::{
    Batch, GenerativeModel, RecordError, Scalars, Step, Trainer, load_module, load_optimiser, save_module,
    save_optimiser,
};

use super::network::Network;

/// Trains a network on the CPU.
pub(super) struct HostTrainer {
    network: Network,
    optimiser: ModuleOptimizer,
    lr: f64,
}

impl HostTrainer {
    pub(super) fn new(network: Network, optimiser: ModuleOptimizer, lr: f64) -> Self {
        Self { network, optimiser, lr }
    }

    /// The mean NLL in nats and its gradients.
    pub(super) fn gradients(&self, images: &Split) -> (f64, GradientsParams) {
        let (nll, gradients) = self.network.host().descend(&self.network.in_order(images));
        let device = self.network.device().inner();
        let mut register = GradientsParams::new();
        for (conv, (weight, bias)) in self.network.convs.iter().zip(gradients.0) {
            let matrix = TensorData::new(weight, conv.weight.dims());
            register.register(conv.weight.id, Tensor::<2>::from_data(matrix, &device));
            let vector = TensorData::new(bias, conv.bias.dims());
            register.register(conv.bias.id, Tensor::<1>::from_data(vector, &device));
        }
        (nll, register)
    }
}

impl Trainer for HostTrainer {
    fn step(&mut self, batch: &Batch, at: &Step) -> Scalars {
        let (nll, gradients) = self.gradients(&batch.host);
        self.network = self.optimiser.step(self.lr * at.lr_factor, self.network.clone(), gradients);
        Scalars(vec![("nll", Tensor::from_floats([nll as f32], &Device::flex()))])
    }

    fn snapshot(&self) -> Box<dyn GenerativeModel> {
        Box::new(self.network.valid())
    }

    fn save(&self, dir: &Path) -> Result<(), RecordError> {
        save_module(&self.network, dir, "model")?;
        save_optimiser(&self.optimiser, dir, "optimiser")
    }

    fn load(&mut self, dir: &Path) -> Result<(), RecordError> {
        self.network = load_module(self.network.clone(), dir, "model")?;
        self.optimiser = load_optimiser(self.optimiser.clone(), dir, "optimiser")?;
        Ok(())
    }
}
