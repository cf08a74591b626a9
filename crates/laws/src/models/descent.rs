//! Trainer of models with hand-written gradients: Adam in f64 on the host.

use burn::prelude::{Device, Tensor};
use data::{Noise, Split};
use engine::{Batch, GenerativeModel, LossGradient, ParameterGradient, Part, Scalars, Step, Trainer};
use serde::{Deserialize, Serialize};

/// Model with a loss and its gradient.
pub(super) trait Descent: GenerativeModel + Clone + 'static {
    /// All parameters.
    fn weights(&self) -> &Vec<f64>;

    /// All parameters, mutable.
    fn weights_mut(&mut self) -> &mut Vec<f64>;

    /// Returns the loss of a batch and its gradient by every parameter.
    fn gradient(&self, images: &Split, noise: &mut Noise) -> (f64, Vec<f64>);
}

/// Moments of Adam (Kingma and Ba, 2015, algorithm 1), with its published constants.
#[derive(Clone, Serialize, Deserialize)]
struct Moments {
    steps: i32,
    first: Vec<f64>,
    second: Vec<f64>,
}

impl Moments {
    fn step(&mut self, lr: f64, weights: &mut [f64], gradient: &[f64]) {
        self.steps += 1;
        let (first, second) = (1.0 - 0.9f64.powi(self.steps), 1.0 - 0.999f64.powi(self.steps));
        let moments = self.first.iter_mut().zip(&mut self.second);
        for ((weight, gradient), (mean, square)) in weights.iter_mut().zip(gradient).zip(moments) {
            *mean += 0.1 * (gradient - *mean);
            *square += 0.001 * (gradient * gradient - *square);
            *weight -= lr * (*mean / first) / ((*square / second).sqrt() + 1e-8);
        }
    }
}

/// Trainer that minimises the loss of a [`Descent`].
pub(super) struct DescentTrainer<M> {
    model: M,
    moments: Moments,
    lr: f64,
}

impl<M: Descent> DescentTrainer<M> {
    pub(super) fn new(model: M, lr: f64) -> Self {
        let zeros = vec![0.0; model.weights().len()];
        Self { model, moments: Moments { steps: 0, first: zeros.clone(), second: zeros }, lr }
    }

    fn gradient(&self, batch: &Batch, at: &Step) -> (f64, Vec<f64>) {
        self.model.gradient(&batch.host, &mut at.noise("laws/training"))
    }
}

impl<M: Descent> Trainer for DescentTrainer<M> {
    fn step(&mut self, batch: &Batch, at: &Step) -> Scalars {
        let (loss, gradient) = self.gradient(batch, at);
        self.moments.step(self.lr * at.lr_factor, self.model.weights_mut(), &gradient);
        Scalars(vec![("loss", Tensor::from_floats([loss as f32], &Device::flex()))])
    }

    fn gradients(&self, batch: &Batch, at: &Step) -> Vec<LossGradient> {
        let values = self.gradient(batch, at).1.into_iter().map(|derivative| derivative as f32).collect();
        let parameters = vec![ParameterGradient { name: "weights".to_owned(), values }];
        vec![LossGradient { loss: "loss", parameters }]
    }

    fn snapshot(&self) -> Box<dyn GenerativeModel> {
        Box::new(self.model.clone())
    }

    fn parts(&mut self) -> Vec<Part<'_>> {
        vec![Part::json("weights", self.model.weights_mut()), Part::json("optimiser", &mut self.moments)]
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Panics unless the gradient agrees with central differences of the loss.
    pub(in crate::models) fn check_gradient(model: &impl Descent, images: &Split) {
        let noise = Noise::new(0, "test", 0);
        let (_, gradient) = model.gradient(images, &mut noise.clone());
        assert_eq!(gradient.len(), model.weights().len());
        for (at, gradient) in gradient.iter().enumerate() {
            let moved = |by: f64| {
                let mut moved = model.clone();
                moved.weights_mut()[at] += by;
                moved.gradient(images, &mut noise.clone()).0
            };
            let difference = (moved(1e-5) - moved(-1e-5)) / 2e-5;
            assert!(
                (difference - gradient).abs() < 1e-6,
                "parameter {at}: the difference quotient is {difference}, the gradient is {gradient}"
            );
        }
    }
}
