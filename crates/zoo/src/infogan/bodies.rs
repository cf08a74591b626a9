//! Bodies of the generator and the discriminator: perceptrons or convolutions.

use ::nn::dropout::dropped;
use ::nn::{Activation, Dense, centred, sigmoid};
use burn::module::Module;
use burn::prelude::*;
use data::{DataShape, Noise};

use super::config::InfoGanConfig;
use crate::dcgan::{Convolutions, Generator, Normalisation};
use crate::gan::Generate;
use crate::latent::{Network, Perceptron};

/// Body of the generator: from numbers to images in `[0, 1]`.
#[derive(Module, Debug)]
#[expect(clippy::large_enum_variant, reason = "one per model")]
pub(super) enum GeneratorBody {
    /// [`Network::Mlp`].
    Mlp(Perceptrons),
    /// [`Network::Conv`]: the generator of `dcgan`.
    Conv(Generator),
}

impl GeneratorBody {
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

    /// Returns the network with its running statistics in use on any device.
    pub(super) fn fixed(self) -> Self {
        match self {
            Self::Mlp(painter) => Self::Mlp(painter),
            Self::Conv(generator) => Self::Conv(generator.fixed()),
        }
    }

    /// Computes images, `[batch, inputs]` to `[batch, pixels]` in `[0, 1]`.
    pub(super) fn forward(&self, numbers: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Mlp(painter) => sigmoid(painter.pixels.forward(painter.hidden.forward(numbers))),
            Self::Conv(generator) => generator.forward(numbers),
        }
    }
}

/// Perceptron of a generator and its last layer.
#[derive(Module, Debug)]
pub(super) struct Perceptrons {
    hidden: Perceptron,
    pixels: Dense,
}

/// Body of the discriminator: from images to features.
#[derive(Module, Debug)]
pub(super) enum DiscriminatorBody {
    /// [`Network::Mlp`].
    Mlp(DropoutPerceptron),
    /// [`Network::Conv`]: the discriminator of `dcgan` without its last layer.
    Conv(Convolutions),
}

impl DiscriminatorBody {
    /// Returns the body and its number of features.
    pub(super) fn new(config: &InfoGanConfig, data: &DataShape, noise: &mut Noise, device: &Device) -> (Self, usize) {
        match config.network {
            Network::Mlp => {
                let width = |layer: usize| if layer == 0 { data.pixels() } else { config.hidden };
                let layer = |layer: usize| Dense::new(width(layer), config.hidden, noise, device);
                let layers = (0..config.layers).map(layer).collect();
                (Self::Mlp(DropoutPerceptron { layers, dropout: config.dropout }), config.hidden)
            }
            Network::Conv => {
                let (body, width) = Convolutions::new(config.channels, Normalisation::Batch, data, noise, device);
                (Self::Conv(body), width)
            }
        }
    }

    /// Computes features, `[batch, pixels]` to `[batch, features]`. Dropout is applied if `noise` is given, as in
    /// training.
    pub(super) fn forward(&self, x: Tensor<2>, noise: Option<&mut Noise>) -> Tensor<2> {
        match self {
            Self::Mlp(eye) => eye.forward(x, noise),
            Self::Conv(eye) => eye.forward(x),
        }
    }
}

/// Perceptron with dropout.
#[derive(Module, Debug)]
pub(super) struct DropoutPerceptron {
    layers: Vec<Dense>,
    #[module(skip)]
    dropout: f64,
}

impl DropoutPerceptron {
    /// Computes features of the centred pixels.
    fn forward(&self, x: Tensor<2>, mut noise: Option<&mut Noise>) -> Tensor<2> {
        self.layers.iter().fold(centred(x), |x, layer| {
            let hidden = layer.forward_then(x, Activation::Leaky(0.2));
            match noise.as_deref_mut() {
                Some(noise) => dropped(hidden, self.dropout, noise),
                None => hidden,
            }
        })
    }
}
