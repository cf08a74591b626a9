//! Learning rates and gradient norm of one training step, observed where an optimiser takes the gradients.
//!
//! A trainer needs no code for it: [`crate::descend`] and [`crate::HostTrainer`] report each descent. Gradients are only
//! read, and only in observed steps, so that training has the same bits with and without.

use std::cell::RefCell;

use ::nn::GradientNorm;
use burn::module::Module;
use burn::optim::GradientsParams;

/// Descents of one step.
#[derive(Debug, Default)]
pub(crate) struct Descents {
    /// Learning rates, each once, in the order of the step. Empty for a closed-form model.
    pub(crate) learning_rates: Vec<f64>,
    /// Norm of the gradients, if requested.
    norm: Option<GradientNorm>,
}

thread_local! {
    /// The step that is observed on this thread, if any.
    static OBSERVED: RefCell<Option<Descents>> = const { RefCell::new(None) };
}

/// Runs `step` and returns what its descents were; the norm only on request.
pub(crate) fn observed<T>(with_norm: bool, step: impl FnOnce() -> T) -> (T, Descents) {
    let norm = with_norm.then(GradientNorm::default);
    OBSERVED.set(Some(Descents { norm, ..Descents::default() }));
    let done = step();
    (done, OBSERVED.take().unwrap_or_default())
}

/// Reports a descent to the observer of this thread, if there is one.
pub(crate) fn report(lr: f64, module: &impl Module, gradients: &GradientsParams) {
    OBSERVED.with_borrow_mut(|observed| {
        let Some(descents) = observed else { return };
        if !descents.learning_rates.contains(&lr) {
            descents.learning_rates.push(lr);
        }
        if let Some(norm) = &mut descents.norm {
            norm.add(module, gradients);
        }
    });
}

impl Descents {
    /// Euclidean norm over the gradients of all losses of the step. `None` if it was not requested, or if no descent
    /// reported gradients.
    pub(crate) fn gradient_norm(self) -> Option<f64> {
        self.norm?.value()
    }
}

#[cfg(test)]
mod tests {
    use burn::prelude::*;

    use super::*;
    use crate::descend;

    fn weights(layer: &::nn::Dense) -> Vec<f32> {
        ::nn::to_host(layer.weight()).into_iter().chain(::nn::to_host(layer.bias())).collect()
    }

    fn layer() -> (::nn::Dense, Tensor<2>) {
        let device = Device::flex().autodiff();
        let layer = ::nn::Dense::new(3, 1, &mut ::nn::Noise::new(0, "descents", 0), &device);
        (layer, Tensor::from_floats([[1.0, 2.0, 2.0]], &device))
    }

    #[test]
    fn the_norm_is_that_of_all_gradients_and_the_step_is_the_same() {
        let (plain, input) = layer();
        let loss = |layer: &::nn::Dense| layer.forward(input.clone()).sum().reshape([1]);
        let step = |layer: ::nn::Dense| {
            let value = loss(&layer);
            descend(&mut ::nn::adam(0.9), 0.25, layer, value)
        };
        let expected = step(plain.clone());
        let (found, descents) = observed(true, || step(plain.clone()));
        assert_eq!(weights(&found), weights(&expected));
        assert_eq!(descents.learning_rates, [0.25]);
        // Derivatives: the input and, for the bias, 1.
        assert!((descents.gradient_norm().expect("a norm") - 10.0f64.sqrt()).abs() < 1e-12);
        let (_, unobserved) = observed(false, || step(plain));
        assert_eq!((unobserved.learning_rates.clone(), unobserved.gradient_norm()), (vec![0.25], None));
    }

    #[test]
    fn several_descents_are_one_norm_and_each_rate_is_listed_once() {
        let (one, input) = layer();
        let ((), descents) = observed(true, || {
            for lr in [0.1, 0.2, 0.1] {
                let loss = one.forward(input.clone()).sum().reshape([1]);
                let _ = descend(&mut ::nn::adam(0.9), lr, one.clone(), loss);
            }
        });
        assert_eq!(descents.learning_rates, [0.1, 0.2]);
        assert!((descents.gradient_norm().expect("a norm") - 30.0f64.sqrt()).abs() < 1e-12);
        assert_eq!(observed(true, || ()).1.gradient_norm(), None, "closed form");
    }
}
