//! Training by the paper's recursion.

use std::path::Path;

use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::prelude::*;
use data::Split;
use engine::{
    Batch, GenerativeModel, RecordError, Scalars, Step, Trainer, load_module, load_optimiser, save_module,
    save_optimiser,
};

use super::{Nade, scan};

/// Trains by [`scan`]: the gradients are computed on the host and handed to the optimiser.
pub(super) struct ScanTrainer {
    pub(super) model: Nade,
    pub(super) optimiser: ModuleOptimizer,
    pub(super) lr: f64,
}

impl ScanTrainer {
    pub(super) fn gradients(&self, images: &Split) -> (f64, GradientsParams) {
        let model = &self.model;
        let scan::Descent { nll, gradients } = model.weights().descend(&model.in_order(images));
        let device = model.device().inner();
        let mut register = GradientsParams::new();
        let matrix = |values: Vec<f32>| Tensor::<2>::from_data(TensorData::new(values, model.input.dims()), &device);
        register.register(model.input.id, matrix(gradients.input));
        register.register(model.output.id, matrix(gradients.output));
        let vector = |values: Vec<f32>| {
            let count = values.len();
            Tensor::<1>::from_data(TensorData::new(values, [count]), &device)
        };
        register.register(model.input_bias.id, vector(gradients.input_bias));
        register.register(model.output_bias.id, vector(gradients.output_bias));
        (nll, register)
    }
}

impl Trainer for ScanTrainer {
    fn step(&mut self, batch: &Batch, at: &Step) -> Scalars {
        let (nll, gradients) = self.gradients(&batch.host);
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
        self.model = load_module(self.model.clone(), dir, "model")?;
        self.optimiser = load_optimiser(self.optimiser.clone(), dir, "optimiser")?;
        Ok(())
    }
}
