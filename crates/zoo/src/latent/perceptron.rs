//! Perceptron with hidden layers of equal width.

use ::nn::{Activation, Dense};
use burn::module::Module;
use burn::prelude::*;
use data::Noise;

/// Fully connected layers, each followed by a ReLU. Without layers it is the identity.
#[derive(Module, Debug)]
pub(crate) struct Perceptron {
    layers: Vec<Dense>,
}

impl Perceptron {
    /// Returns `layers` layers of `hidden` hidden units, and the number of outputs.
    pub(crate) fn new(
        inputs: usize,
        hidden: usize,
        layers: usize,
        noise: &mut Noise,
        device: &Device,
    ) -> (Self, usize) {
        let mut width = inputs;
        let layers = (0..layers)
            .map(|_| {
                let layer = Dense::new(width, hidden, noise, device);
                width = hidden;
                layer
            })
            .collect();
        (Self { layers }, width)
    }

    /// Applies all layers, `[batch, inputs]` to `[batch, outputs]`.
    pub(crate) fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        self.layers.iter().fold(x, |x, layer| layer.forward_then(x, Activation::Relu))
    }
}
