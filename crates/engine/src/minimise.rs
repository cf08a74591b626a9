//! The trainer of every model that descends one loss.

use burn::module::Module;
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::prelude::*;

use crate::{Batch, GenerativeModel, LossGradient, Part, Scalars, Step, Trainer};

/// A module trained by descending one loss.
pub trait Objective: Module {
    /// The first scalar is minimised; the rest are logged.
    fn loss(&self, batch: &Batch, at: &Step) -> Scalars;
}

/// The trainer of every single-loss model.
pub struct Minimise<M> {
    /// Taken out during a step: an optimiser writes in place what nobody else holds.
    model: Option<M>,
    optimiser: ModuleOptimizer,
    lr: f64,
}

impl<M> Minimise<M> {
    /// Trains `model` with `optimiser` at learning rate `lr`.
    pub fn new(model: M, optimiser: ModuleOptimizer, lr: f64) -> Self {
        Self { model: Some(model), optimiser, lr }
    }

    fn model(&self) -> &M {
        self.model.as_ref().expect("a step puts the model back")
    }
}

impl<M: Objective + GenerativeModel + 'static> Trainer for Minimise<M> {
    fn step(&mut self, batch: &Batch, at: &Step) -> Scalars {
        let model = self.model.take().expect("a step puts the model back");
        let scalars = model.loss(batch, at);
        let loss = scalars.0[0].1.clone();
        self.model = Some(descend(&mut self.optimiser, self.lr * at.lr_factor, model, loss));
        Scalars(scalars.0.into_iter().map(|(name, value)| (name, value.detach())).collect())
    }

    fn gradients(&self, batch: &Batch, at: &Step) -> Vec<LossGradient> {
        let (name, loss) = self.model().loss(batch, at).0.swap_remove(0);
        vec![LossGradient::of(name, self.model(), loss)]
    }

    fn snapshot(&self) -> Box<dyn GenerativeModel> {
        Box::new(self.model().valid())
    }

    fn parts(&mut self) -> Vec<Part<'_>> {
        vec![
            Part::module("model", self.model.as_mut().expect("a step puts the model back")),
            Part::optimiser("optimiser", &mut self.optimiser),
        ]
    }
}

/// One gradient step. Cloning a module clones handles, not weights.
pub fn descend<M: Module>(optimiser: &mut ModuleOptimizer, lr: f64, module: M, loss: Tensor<1>) -> M {
    let gradients = GradientsParams::from_grads(loss.backward(), &module);
    optimiser.step(lr, module, gradients)
}
