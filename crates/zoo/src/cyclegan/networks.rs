//! Generators and discriminators.

use ::nn::{Activation, Conv, Deconv, centred, to_channels_last, to_images, upload};
use burn::module::Module;
use burn::prelude::*;
use data::{DataShape, Noise, Split};
use engine::{GenerativeModel, Translator};

use super::CycleGanConfig;

/// Activation of every hidden layer of the discriminator.
const LEAKY: Activation = Activation::Leaky(0.2);

/// Number of images per chunk of a translation.
const IMAGES: usize = 500;

/// Residual block: two convolutions with a skip connection.
#[derive(Module, Debug)]
struct Block {
    first: Conv,
    second: Conv,
}

impl Block {
    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        x.clone() + self.second.forward(self.first.forward_then(x, Activation::Relu))
    }
}

/// Generator: from images of one domain to images of the other.
#[derive(Module, Debug)]
pub(super) struct Generator {
    first: Conv,
    down: Conv,
    blocks: Vec<Block>,
    up: Deconv,
    last: Conv,
    #[module(skip)]
    adds_to_input: bool,
    #[module(skip)]
    sides: [usize; 3],
}

impl Generator {
    fn new(config: &CycleGanConfig, data: &DataShape, noise: &mut Noise, device: &Device) -> Self {
        let (full, half) = (config.channels, 2 * config.channels);
        let mut same = |from, to| Conv::new([from, to], 3, 1, noise, device);
        let first = same(data.channels, full);
        let blocks = (0..config.blocks).map(|_| Block { first: same(half, half), second: same(half, half) }).collect();
        let last = same(full, data.channels);
        Self {
            first,
            down: Conv::new([full, half], 4, 2, noise, device),
            blocks,
            up: Deconv::new([half, full], 4, 2, noise, device),
            last,
            adds_to_input: config.adds_to_input,
            sides: [data.channels, data.height, data.width],
        }
    }

    /// Translates images, `[batch, pixels]` to `[batch, pixels]`. The pixels are not bounded: a sigmoid would saturate
    /// on the black background and stop learning.
    pub(super) fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let full = self.first.forward_then(to_channels_last(x.clone(), self.sides), Activation::Relu);
        let half = self.down.forward_then(full.clone(), Activation::Relu);
        let half = self.blocks.iter().fold(half, |x, block| block.forward(x));
        let full = Activation::Relu.apply(full + self.up.forward(Activation::Relu.apply(half)));
        let change = to_images(self.last.forward(full));
        if self.adds_to_input { x + change } else { change }
    }
}

/// Generators of both directions, the model that is measured.
#[derive(Module, Debug)]
pub(super) struct Generators {
    /// From A to B.
    pub(super) forth: Generator,
    /// From B to A.
    pub(super) back: Generator,
}

impl Generators {
    pub(super) fn new(config: &CycleGanConfig, data: &DataShape, noise: &mut Noise, device: &Device) -> Self {
        let mut generator = || Generator::new(config, data, noise, device);
        Self { forth: generator(), back: generator() }
    }
}

/// Discriminator with one score per patch of an image.
#[derive(Module, Debug)]
pub(super) struct Discriminator {
    first: Conv,
    second: Conv,
    score: Conv,
    #[module(skip)]
    sides: [usize; 3],
}

impl Discriminator {
    fn new(config: &CycleGanConfig, data: &DataShape, noise: &mut Noise, device: &Device) -> Self {
        let channels = config.channels_discriminator;
        Self {
            first: Conv::new([data.channels, channels], 4, 2, noise, device),
            second: Conv::new([channels, 2 * channels], 4, 2, noise, device),
            score: Conv::new([2 * channels, 1], 3, 1, noise, device),
            sides: [data.channels, data.height, data.width],
        }
    }

    /// Scores of the patches of centred pixels, near 1 for data and near 0 for translations.
    pub(super) fn forward(&self, x: Tensor<2>) -> Tensor<4> {
        let first = self.first.forward_then(to_channels_last(centred(x), self.sides), LEAKY);
        self.score.forward(self.second.forward_then(first, LEAKY))
    }
}

/// Discriminators of both domains.
#[derive(Module, Debug)]
pub(super) struct Discriminators {
    pub(super) of_a: Discriminator,
    pub(super) of_b: Discriminator,
}

impl Discriminators {
    pub(super) fn new(config: &CycleGanConfig, data: &DataShape, noise: &mut Noise, device: &Device) -> Self {
        let mut discriminator = || Discriminator::new(config, data, noise, device);
        Self { of_a: discriminator(), of_b: discriminator() }
    }
}

impl GenerativeModel for Generators {
    fn parameters(&self) -> u64 {
        ::nn::parameter_count(self)
    }

    fn translator(&self) -> Option<&dyn Translator> {
        Some(self)
    }
}

fn translated(generator: &Generator, images: &Split) -> Split {
    let device = generator.first.device();
    let mut pixels = Vec::with_capacity(images.pixels.len());
    for first in (0..images.len()).step_by(IMAGES) {
        let indices: Vec<_> = (first..images.len().min(first + IMAGES)).collect();
        let some = Split::new(images.select(&indices).pixels, images.image_len);
        pixels.extend(::nn::to_host(generator.forward(upload(&some, &device)).clamp(0.0, 1.0)));
    }
    Split::new(pixels, images.image_len)
}

impl Translator for Generators {
    fn forth(&self, images: &Split) -> Split {
        translated(&self.forth, images)
    }

    fn back(&self, images: &Split) -> Split {
        translated(&self.back, images)
    }
}

#[cfg(test)]
mod tests {
    use engine::ModelConfig;

    use super::*;
    use crate::test_shape::{centres_pixels, shape};

    #[test]
    fn discriminators_see_centred_pixels() {
        let data = shape(1, 8, 8);
        let config = CycleGanConfig::tiny().swap_remove(0);
        let both = Discriminators::new(&config, &data, &mut Noise::new(0, "test", 0), &Device::flex());
        assert!(centres_pixels(|x| both.of_a.forward(x), &data) && centres_pixels(|x| both.of_b.forward(x), &data));
    }
}
