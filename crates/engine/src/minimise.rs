//! Trainer of models with one loss, by autodiff.

use ::nn::Optimiser;
use burn::module::Module;
use burn::optim::GradientsParams;
use burn::prelude::*;

use crate::{Batch, GenerativeModel, LossGradient, Part, Scalars, Step, Trainer, descents};

/// A module with one loss, differentiated by autodiff.
///
/// [`Minimise`] trains it.
///
/// ```
/// use burn::module::Module;
/// use burn::prelude::*;
/// use engine::{Batch, GenerativeModel, Minimise, Objective, Scalars, Split, Step, Trainer};
///
/// #[derive(Module, Debug)]
/// struct Linear {
///     layer: ::nn::Dense,
/// }
///
/// impl GenerativeModel for Linear {
///     fn parameters(&self) -> u64 {
///         ::nn::parameter_count(self)
///     }
/// }
///
/// impl Objective for Linear {
///     fn loss(&self, batch: &Batch, _at: &Step) -> Scalars {
///         let error = self.layer.forward(batch.images.clone()) - batch.images.clone();
///         Scalars(vec![("squared_error", error.square().mean())])
///     }
/// }
///
/// let device = Device::flex().autodiff();
/// let layer = ::nn::Dense::new(2, 2, &mut ::nn::Noise::new(0, "example", 0), &device);
/// let mut trainer = Minimise::new(Linear { layer }, ::nn::adam(0.9), 1e-2);
/// let batch = Batch::new(Split::new(vec![0.0, 1.0, 1.0, 0.0], 2), &device);
/// let mut loss = |index| trainer.step(&batch, &Step { index, lr_factor: 1.0, seed: 0 }).read()[0].1;
/// let first = loss(0);
/// assert!(loss(1) < first);
/// ```
pub trait Objective: Module {
    /// Scalars of one batch, each a tensor of shape `[1]`: the first is the loss to minimise, usually in nats per
    /// image; the others are logged. Random numbers come from [`Step::noise`].
    ///
    /// The list must not be empty.
    fn loss(&self, batch: &Batch, at: &Step) -> Scalars;
}

/// Trainer of a module with one [`Objective`].
pub struct Minimise<M> {
    /// `None` only during a step: the optimiser updates weights in place if they have one owner.
    model: Option<M>,
    optimiser: Optimiser,
    lr: f64,
}

impl<M> Minimise<M> {
    /// Trainer of `model` with `optimiser` at learning rate `lr`, which the schedule multiplies.
    pub fn new(model: M, optimiser: Optimiser, lr: f64) -> Self {
        Self { model: Some(model), optimiser, lr }
    }

    fn model(&self) -> &M {
        self.model.as_ref().expect("the model is present between steps")
    }
}

impl<M: Objective + GenerativeModel + 'static> Trainer for Minimise<M> {
    fn step(&mut self, batch: &Batch, at: &Step) -> Scalars {
        let model = self.model.take().expect("the model is present between steps");
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
            Part::module("model", self.model.as_mut().expect("the model is present between steps")),
            Part::optimiser("optimiser", &mut self.optimiser),
        ]
    }
}

/// Takes one gradient step on `loss`, of shape `[1]`, and returns the updated module.
pub fn descend<M: Module>(optimiser: &mut Optimiser, lr: f64, module: M, loss: Tensor<1>) -> M {
    let gradients = GradientsParams::from_grads(loss.backward(), &module);
    descents::report(lr, &module, &gradients);
    optimiser.step(lr, module, gradients)
}
