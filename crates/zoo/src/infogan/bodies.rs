//! What lies between numbers and images, in both directions: all that another kind of layer would replace.

use burn::module::Module;
use burn::prelude::*;
use burn::tensor::activation::{leaky_relu, sigmoid};
use data::Noise;
use engine::Dense;

use super::config::InfoGanConfig;
use crate::latent::Perceptron;

/// From numbers to a grey image.
#[derive(Module, Debug)]
pub(super) struct Painter {
    hidden: Perceptron,
    pixels: Dense,
}

impl Painter {
    pub(super) fn new(
        config: &InfoGanConfig,
        inputs: usize,
        image_len: usize,
        noise: &mut Noise,
        device: &Device,
    ) -> Self {
        let (hidden, width) = Perceptron::new(inputs, config.hidden, config.layers, noise, device);
        Self { hidden, pixels: Dense::new(width, image_len, noise, device) }
    }

    /// `[batch, inputs]` to `[batch, pixels]` in `[0, 1]`.
    pub(super) fn forward(&self, numbers: Tensor<2>) -> Tensor<2> {
        sigmoid(self.pixels.forward(self.hidden.forward(numbers)))
    }
}

/// From an image to features.
#[derive(Module, Debug)]
pub(super) struct Eye {
    layers: Vec<Dense>,
    #[module(skip)]
    dropout: f64,
}

impl Eye {
    /// With the number of features.
    pub(super) fn new(config: &InfoGanConfig, image_len: usize, noise: &mut Noise, device: &Device) -> (Self, usize) {
        let width = |layer: usize| if layer == 0 { image_len } else { config.hidden };
        let layers = (0..config.layers).map(|layer| Dense::new(width(layer), config.hidden, noise, device)).collect();
        (Self { layers, dropout: config.dropout }, config.hidden)
    }

    /// `[batch, pixels]` to `[batch, features]`; with noise hidden units are dropped, as in training.
    pub(super) fn forward(&self, x: Tensor<2>, mut noise: Option<&mut Noise>) -> Tensor<2> {
        self.layers.iter().fold(x, |x, layer| {
            let hidden = leaky_relu(layer.forward(x), 0.2);
            match noise.as_deref_mut() {
                Some(noise) if self.dropout > 0.0 => dropped(hidden, self.dropout, noise),
                _ => hidden,
            }
        })
    }
}

/// Some units at 0, the rest scaled up. Burn's own dropout draws from the device's process-wide generator,
/// which would make a resumed trial another one.
fn dropped(hidden: Tensor<2>, share: f64, noise: &mut Noise) -> Tensor<2> {
    let [batch, units] = hidden.dims();
    let (share, scale) = (share as f32, (1.0 / (1.0 - share)) as f32);
    let kept = noise.uniforms(batch * units).into_iter().map(|u| if u < share { 0.0 } else { scale }).collect();
    let kept = Tensor::from_data(TensorData::new::<f32, _>(kept, [batch, units]), &hidden.device());
    hidden * kept
}
