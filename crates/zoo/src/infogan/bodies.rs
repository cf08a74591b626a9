//! What lies between numbers and images, in both directions: perceptrons or convolutions.

use ::nn::dropout::dropped;
use ::nn::{Activation, Dense, sigmoid};
use burn::module::Module;
use burn::prelude::*;
use data::{DataShape, Noise};

use super::config::InfoGanConfig;
use crate::dcgan::{Convolutions, Generator, Held};
use crate::gan::Generate;
use crate::latent::{Network, Perceptron};

/// From numbers to a grey image.
#[derive(Module, Debug)]
#[expect(clippy::large_enum_variant, reason = "one per model")]
pub(super) enum Painter {
    /// [`Network::Mlp`].
    Mlp(Perceptrons),
    /// [`Network::Conv`]: the generator of `dcgan`.
    Conv(Generator),
}

impl Painter {
    pub(super) fn new(
        config: &InfoGanConfig,
        inputs: usize,
        data: &DataShape,
        noise: &mut Noise,
        device: &Device,
    ) -> Self {
        match config.network {
            Network::Mlp => {
                let (hidden, width) = Perceptron::new(inputs, config.hidden, config.layers, noise, device);
                Self::Mlp(Perceptrons { hidden, pixels: Dense::new(width, data.pixels(), noise, device) })
            }
            Network::Conv => Self::Conv(Generator::new(inputs, config.channels, data, noise, device)),
        }
    }

    /// Without a batch's statistics, whatever the device.
    pub(super) fn fixed(self) -> Self {
        match self {
            Self::Mlp(painter) => Self::Mlp(painter),
            Self::Conv(generator) => Self::Conv(generator.fixed()),
        }
    }

    /// `[batch, inputs]` to `[batch, pixels]` in `[0, 1]`.
    pub(super) fn forward(&self, numbers: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Mlp(painter) => sigmoid(painter.pixels.forward(painter.hidden.forward(numbers))),
            Self::Conv(generator) => generator.forward(numbers),
        }
    }
}

/// A painter's perceptron and its last layer.
#[derive(Module, Debug)]
pub(super) struct Perceptrons {
    hidden: Perceptron,
    pixels: Dense,
}

/// From an image to features.
#[derive(Module, Debug)]
pub(super) enum Eye {
    /// [`Network::Mlp`].
    Mlp(Dropping),
    /// [`Network::Conv`]: the discriminator of `dcgan`, but for its score.
    Conv(Convolutions),
}

impl Eye {
    /// With the number of features.
    pub(super) fn new(config: &InfoGanConfig, data: &DataShape, noise: &mut Noise, device: &Device) -> (Self, usize) {
        match config.network {
            Network::Mlp => {
                let width = |layer: usize| if layer == 0 { data.pixels() } else { config.hidden };
                let layer = |layer: usize| Dense::new(width(layer), config.hidden, noise, device);
                let layers = (0..config.layers).map(layer).collect();
                (Self::Mlp(Dropping { layers, dropout: config.dropout }), config.hidden)
            }
            Network::Conv => {
                let (body, width) = Convolutions::new(config.channels, Held::Batch, data, noise, device);
                (Self::Conv(body), width)
            }
        }
    }

    /// `[batch, pixels]` to `[batch, features]`; with noise hidden units are dropped, as in training.
    pub(super) fn forward(&self, x: Tensor<2>, noise: Option<&mut Noise>) -> Tensor<2> {
        match self {
            Self::Mlp(eye) => eye.forward(x, noise),
            Self::Conv(eye) => eye.forward(x),
        }
    }
}

/// A perceptron some of whose hidden units are dropped at random.
#[derive(Module, Debug)]
pub(super) struct Dropping {
    layers: Vec<Dense>,
    #[module(skip)]
    dropout: f64,
}

impl Dropping {
    fn forward(&self, x: Tensor<2>, mut noise: Option<&mut Noise>) -> Tensor<2> {
        self.layers.iter().fold(x, |x, layer| {
            let hidden = layer.forward_then(x, Activation::Leaky(0.2));
            match noise.as_deref_mut() {
                Some(noise) => dropped(hidden, self.dropout, noise),
                None => hidden,
            }
        })
    }
}
