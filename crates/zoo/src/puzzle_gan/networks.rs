//! The generator of masks and images, and the discriminator.

use burn::module::Module;
use burn::prelude::*;
use burn::tensor::activation::{leaky_relu, relu, sigmoid};
use data::{DataShape, Noise, Parts, Split};
use engine::{Dense, GenerativeModel, Restored, Restorer};

use super::{MULTIPLE, PuzzleGanConfig};
use crate::conv::{Conv, Deconv};

/// Images restored at once.
const IMAGES: usize = 500;

/// Parts on `device`, `[images, parts, pixels of a part]`.
pub(super) fn upload_parts(parts: &Parts, device: &Device) -> Tensor<3> {
    let shape = [parts.rows().len(), parts.count, parts.part_len];
    Tensor::from_data(TensorData::new(parts.pixels.clone(), shape), device)
}

/// What the generator makes: `[batch, 1 or channels, height, width]`, all in `[0, 1]`.
pub(super) struct Whole {
    pub(super) mask: Tensor<4>,
    pub(super) image: Tensor<4>,
}

/// From parts to a mask and a whole image.
#[derive(Module, Debug)]
pub(super) struct Generator {
    read: Dense,
    code: Dense,
    mask_first: Dense,
    mask_second: Deconv,
    mask_last: Deconv,
    image_first: Dense,
    image_second: Deconv,
    image_last: Deconv,
    #[module(skip)]
    channels: usize,
    #[module(skip)]
    latent: usize,
    #[module(skip)]
    sides: [usize; 3],
}

impl Generator {
    pub(super) fn new(config: &PuzzleGanConfig, data: &DataShape, noise: &mut Noise, device: &Device) -> Self {
        let side = data.parts.expect("checked: there are parts").side;
        let (embed, channels) = (config.embed, config.channels);
        let quarter = data.height / MULTIPLE * (data.width / MULTIPLE);
        Self {
            read: Dense::new(data.channels * side * side, embed, noise, device),
            code: Dense::new(embed, embed, noise, device),
            mask_first: Dense::new(embed, 2 * channels * quarter, noise, device),
            mask_second: Deconv::new([2 * channels, channels], 4, 2, noise, device),
            mask_last: Deconv::new([channels, 1], 4, 2, noise, device),
            image_first: Dense::new(embed + config.latent, 2 * channels * quarter, noise, device),
            image_second: Deconv::new([4 * channels, channels], 4, 2, noise, device),
            image_last: Deconv::new([2 * channels, data.channels], 4, 2, noise, device),
            channels,
            latent: config.latent,
            sides: [data.channels, data.height, data.width],
        }
    }

    pub(super) fn latents(&self, count: usize, noise: &mut Noise, device: &Device) -> Tensor<2> {
        Tensor::from_data(TensorData::new(noise.normals(count * self.latent), [count, self.latent]), device)
    }

    /// The sum of the codes of an image's parts, `[images, embed]`.
    pub(super) fn embed(&self, parts: Tensor<3>) -> Tensor<2> {
        let [images, count, pixels] = parts.dims();
        let read = relu(self.read.forward(parts.reshape([images * count, pixels])));
        let codes = relu(self.code.forward(read));
        let [_, embed] = codes.dims();
        codes.reshape([images, count, embed]).sum_dim(1).reshape([images, embed])
    }

    /// The image is drawn on top of what the mask's decoder has made of the parts.
    pub(super) fn forward(&self, parts: Tensor<3>, z: Tensor<2>) -> Whole {
        let code = self.embed(parts);
        let [_, height, width] = self.sides;
        let quarter = |x: Tensor<2>| {
            let [batch, _] = x.dims();
            relu(x).reshape([batch, 2 * self.channels, height / MULTIPLE, width / MULTIPLE])
        };
        let mask_quarter = quarter(self.mask_first.forward(code.clone()));
        let mask_half = relu(self.mask_second.forward(mask_quarter.clone()));
        let mask = sigmoid(self.mask_last.forward(mask_half.clone()));
        let first = quarter(self.image_first.forward(Tensor::cat(vec![code, z], 1)));
        let half = relu(self.image_second.forward(Tensor::cat(vec![first, mask_quarter], 1)));
        let image = sigmoid(self.image_last.forward(Tensor::cat(vec![half, mask_half], 1)));
        Whole { mask, image }
    }
}

/// Log-odds that an image is real and its masked parts are its own.
#[derive(Module, Debug)]
pub(super) struct Discriminator {
    first: Conv,
    second: Conv,
    score: Dense,
}

impl Discriminator {
    pub(super) fn new(config: &PuzzleGanConfig, data: &DataShape, noise: &mut Noise, device: &Device) -> Self {
        let (channels, quarter) = (config.channels, data.height / MULTIPLE * (data.width / MULTIPLE));
        Self {
            first: Conv::new([data.channels + 1, channels], 4, 2, noise, device),
            second: Conv::new([channels, 2 * channels], 4, 2, noise, device),
            score: Dense::new(2 * channels * quarter, 1, noise, device),
        }
    }

    pub(super) fn forward(&self, image: Tensor<4>, mask: Tensor<4>) -> Tensor<2> {
        let first = leaky_relu(self.first.forward(Tensor::cat(vec![image, mask], 1)), 0.2);
        self.score.forward(leaky_relu(self.second.forward(first), 0.2).flatten(1, 3))
    }
}

impl GenerativeModel for Generator {
    fn parameters(&self) -> u64 {
        engine::parameter_count(self)
    }

    fn restorer(&self) -> Option<&dyn Restorer> {
        Some(self)
    }
}

impl Restorer for Generator {
    fn restore(&self, parts: &Parts, noise: &mut Noise) -> Restored {
        let device = self.read.device();
        let count = parts.rows().len();
        let (mut pixels, mut masks) = (Vec::new(), Vec::new());
        for first in (0..count).step_by(IMAGES) {
            let some = parts.select(&(first..count.min(first + IMAGES)).collect::<Vec<_>>());
            let z = self.latents(some.rows().len(), noise, &device);
            let whole = self.forward(upload_parts(&some, &device), z);
            pixels.extend(whole.image.into_data().iter::<f32>());
            masks.extend(whole.mask.into_data().iter::<f32>());
        }
        Restored { images: Split::new(pixels, self.sides.iter().product()), masks }
    }
}

#[cfg(test)]
mod tests {
    use data::PartShape;
    use engine::ModelConfig;
    use protocol::Support;

    use super::*;

    #[test]
    fn the_order_of_parts_does_not_matter() {
        let parts = Some(PartShape { count: 3, side: 2 });
        let data = DataShape { parts, ..DataShape::new([1, 8, 8], Support::Continuous, [8, 8, 8]) };
        let config = PuzzleGanConfig::tiny().swap_remove(0);
        let generator = Generator::new(&config, &data, &mut Noise::new(0, "test", 0), &Device::flex());
        let pixels = Noise::new(1, "test", 0).uniforms(12);
        let turned = [&pixels[8..], &pixels[..8]].concat();
        let restored = |pixels: Vec<f32>| {
            let parts = Parts { pixels, count: 3, part_len: 4, ..Parts::default() };
            generator.restore(&parts, &mut Noise::new(2, "test", 0))
        };
        let (a, b) = (restored(pixels.clone()), restored(turned));
        let apart = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(apart(&a.images.pixels, &b.images.pixels) < 1e-6 && apart(&a.masks, &b.masks) < 1e-6);
        let other = restored(pixels.iter().map(|pixel| 1.0 - pixel).collect());
        assert!(apart(&a.masks, &other.masks) > 1e-4);
    }
}
