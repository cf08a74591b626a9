//! Hidden layers of equal width.

use ::nn::{Activation, Dense};
use burn::module::Module;
use burn::prelude::*;
use data::Noise;

/// Fully connected layers, a ReLU after each. Without a layer it is the identity.
#[derive(Module, Debug)]
pub(crate) struct Perceptron {
    layers: Vec<Dense>,
}

impl Perceptron {
    /// `layers` layers of `hidden` units; also how many numbers come out.
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

    /// `[batch, inputs]` to `[batch, outputs]`.
    pub(crate) fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        self.layers.iter().fold(x, |x, layer| layer.forward_then(x, Activation::Relu))
    }
}
