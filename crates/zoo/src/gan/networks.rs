//! Generator and discriminator.

use ::nn::dropout::dropped;
use ::nn::{Activation, Dense, SpectralDense, centred, sigmoid};
use burn::module::Module;
use burn::prelude::*;
use data::Noise;

use super::{Discriminate, GanConfig, Generate};

/// Activation of every hidden layer of the discriminator.
const LEAKY: Activation = Activation::Leaky(0.2);

/// Number of images per chunk of a generation.
const IMAGES: usize = 1_000;

#[derive(Module, Debug)]
pub(crate) struct Generator {
    first: Dense,
    second: Dense,
    pixels: Dense,
    #[module(skip)]
    latent: usize,
    #[module(skip)]
    image_len: usize,
}

impl Generator {
    pub(super) fn new(config: &GanConfig, image_len: usize, noise: &mut Noise, device: &Device) -> Self {
        Self {
            first: Dense::new(config.latent, config.hidden, noise, device),
            second: Dense::new(config.hidden, config.hidden, noise, device),
            pixels: Dense::new(config.hidden, image_len, noise, device),
            latent: config.latent,
            image_len,
        }
    }
}

impl Generate for Generator {
    fn forward(&self, z: Tensor<2>) -> Tensor<2> {
        let hidden = self.second.forward_then(self.first.forward_then(z, Activation::Relu), Activation::Relu);
        sigmoid(self.pixels.forward(hidden))
    }

    fn latent(&self) -> usize {
        self.latent
    }

    fn image_len(&self) -> usize {
        self.image_len
    }

    fn images_at_once(&self) -> usize {
        IMAGES
    }

    fn device(&self) -> Device {
        self.first.device()
    }
}

#[derive(Module, Debug)]
pub(crate) struct Discriminator {
    first: SpectralDense,
    second: SpectralDense,
    score: SpectralDense,
    #[module(skip)]
    dropout: f64,
}

impl Discriminator {
    pub(super) fn new(config: &GanConfig, image_len: usize, noise: &mut Noise, device: &Device) -> Self {
        Self {
            first: SpectralDense::new(image_len, config.hidden, config.spectral, noise, device),
            second: SpectralDense::new(config.hidden, config.hidden, config.spectral, noise, device),
            score: SpectralDense::new(config.hidden, 1, config.spectral, noise, device),
            dropout: config.dropout,
        }
    }
}

impl Discriminate for Discriminator {
    /// Centres the pixels, and applies dropout to the hidden units.
    fn forward(&self, x: Tensor<2>, noise: &mut Noise) -> Tensor<2> {
        let first = dropped(self.first.forward_then(centred(x), LEAKY), self.dropout, noise);
        let second = dropped(self.second.forward_then(first, LEAKY), self.dropout, noise);
        self.score.forward(second)
    }

    fn iterated(self) -> Self {
        let Self { first, second, score, dropout } = self;
        Self { first: first.iterated(), second: second.iterated(), score: score.iterated(), dropout }
    }
}

#[cfg(test)]
mod tests {
    use engine::ModelConfig;

    use super::*;
    use crate::test_shape::{centres_pixels, shape};

    #[test]
    fn the_discriminator_sees_centred_pixels() {
        let data = shape(1, 3, 3);
        for config in GanConfig::tiny() {
            let mut noise = Noise::new(0, "test", 0);
            let discriminator = Discriminator::new(&config, data.pixels(), &mut noise, &Device::flex());
            let score = |x| discriminator.forward(x, &mut Noise::new(1, "test", 0));
            assert!(centres_pixels(score, &data), "{config:?}");
        }
    }
}
