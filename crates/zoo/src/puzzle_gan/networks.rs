//! Generator of masks and images, and discriminator.

use ::nn::{
    Activation, BatchNorm, Conv, Deconv, Dense, SpectralConv, SpectralDense, centred, sigmoid, to_channels_last,
    to_images,
};
use burn::module::Module;
use burn::prelude::*;
use data::{DataShape, Noise, Parts, Split};
use engine::{GenerativeModel, Restored, Restorer};

use super::{MULTIPLE, PuzzleGanConfig};

/// Number of images per chunk of a restoration.
const IMAGES: usize = 500;

/// Returns the parts on `device`, `[images, parts, pixels of a part]`.
pub(super) fn upload_parts(parts: &Parts, device: &Device) -> Tensor<3> {
    let shape = [parts.rows().len(), parts.count, parts.part_len];
    Tensor::from_data(TensorData::new(parts.pixels.clone(), shape), device)
}

/// Output of the generator.
pub(super) struct Whole {
    /// Log-odds of the positions of parts, `[batch, positions]`.
    pub(super) mask: Tensor<2>,
    /// Images in `[0, 1]`, `[batch, pixels]`.
    pub(super) image: Tensor<2>,
}

/// Decoder with features at a quarter of the size, at half of the size, and at full size. It can also read the features
/// of another decoder.
#[derive(Module, Debug)]
struct Decoder {
    first: Dense,
    second: Deconv,
    last: Deconv,
    norms: [BatchNorm; 2],
}

/// Intermediate features and output of a decoder, `[batch, rows, columns, channels]`.
struct Decoded {
    quarter: Tensor<4>,
    half: Tensor<4>,
    whole: Tensor<4>,
}

impl Decoder {
    /// Returns a decoder that reads the features of `others` other decoders.
    fn new(
        [inputs, channels, to]: [usize; 3],
        [rows, columns]: [usize; 2],
        others: usize,
        noise: &mut Noise,
        device: &Device,
    ) -> Self {
        let times = 1 + others;
        Self {
            first: Dense::new(inputs, 2 * channels * rows * columns, noise, device),
            second: Deconv::new([2 * channels * times, channels], 4, 2, noise, device).without_bias(),
            last: Deconv::new([channels * times, to], 4, 2, noise, device),
            norms: [2 * channels, channels].map(|features| BatchNorm::new(features, device)),
        }
    }

    fn forward(&self, code: Tensor<2>, [rows, columns]: [usize; 2], other: Option<&Decoded>) -> Decoded {
        let [batch, _] = code.dims();
        let join = |own: &Tensor<4>, other: Option<&Tensor<4>>| match other {
            Some(other) => Tensor::cat(vec![own.clone(), other.clone()], 3),
            None => own.clone(),
        };
        let first = self.first.forward(code).reshape([batch as i32, rows as i32, columns as i32, -1]);
        let quarter = self.norms[0].forward_then::<4>(first, Activation::Relu);
        let joined = join(&quarter, other.map(|other| &other.quarter));
        let half = self.norms[1].forward_after(&self.second, joined, Activation::Relu);
        let whole = self.last.forward(join(&half, other.map(|other| &other.half)));
        Decoded { quarter, half, whole }
    }
}

/// Generator: from parts to a mask and a whole image.
#[derive(Module, Debug)]
pub(super) struct Generator {
    read: Dense,
    code: Dense,
    mask: Decoder,
    image: Decoder,
    #[module(skip)]
    latent: usize,
    #[module(skip)]
    sides: [usize; 3],
}

impl Generator {
    pub(super) fn new(config: &PuzzleGanConfig, data: &DataShape, noise: &mut Noise, device: &Device) -> Self {
        let side = data.parts.expect("`check` requires parts").side;
        let (embed, channels) = (config.embed, config.channels);
        let quarter = [data.height / MULTIPLE, data.width / MULTIPLE];
        Self {
            read: Dense::new(data.channels * side * side, embed, noise, device),
            code: Dense::new(embed, embed, noise, device),
            mask: Decoder::new([embed, channels, 1], quarter, 0, noise, device),
            image: Decoder::new([embed + config.latent, channels, data.channels], quarter, 1, noise, device),
            latent: config.latent,
            sides: [data.channels, data.height, data.width],
        }
    }

    pub(super) fn latents(&self, count: usize, noise: &mut Noise, device: &Device) -> Tensor<2> {
        Tensor::from_data(TensorData::new(noise.normals(count * self.latent), [count, self.latent]), device)
    }

    /// Sum of the codes of the parts of each image, `[images, embed]`.
    pub(super) fn embed(&self, parts: Tensor<3>) -> Tensor<2> {
        let [images, count, pixels] = parts.dims();
        let read = self.read.forward_then(parts.reshape([images * count, pixels]), Activation::Relu);
        let codes = self.code.forward_then(read, Activation::Relu);
        let [_, embed] = codes.dims();
        codes.reshape([images, count, embed]).sum_dim(1).reshape([images, embed])
    }

    /// Computes mask and image from the summed code of the parts. The decoder of the image also reads the features of
    /// the decoder of the mask.
    pub(super) fn forward(&self, code: Tensor<2>, z: Tensor<2>) -> Whole {
        let [_, height, width] = self.sides;
        let quarter = [height / MULTIPLE, width / MULTIPLE];
        let mask = self.mask.forward(code.clone(), quarter, None);
        let image = self.image.forward(Tensor::cat(vec![code, z], 1), quarter, Some(&mask));
        Whole { mask: to_images(mask.whole), image: sigmoid(to_images(image.whole)) }
    }
}

/// Discriminator: score of an image being real and containing the masked parts.
#[derive(Module, Debug)]
pub(super) struct Discriminator {
    layers: [SpectralConv; 2],
    score: SpectralDense,
    #[module(skip)]
    sides: [usize; 3],
}

impl Discriminator {
    pub(super) fn new(config: &PuzzleGanConfig, data: &DataShape, noise: &mut Noise, device: &Device) -> Self {
        let (channels, quarter) = (config.channels, data.height / MULTIPLE * (data.width / MULTIPLE));
        let widths = [[data.channels + 1, channels], [channels, 2 * channels]];
        Self {
            layers: widths.map(|widths| {
                let conv = Conv::new(widths, 4, 2, noise, device);
                SpectralConv::new(conv, true, noise)
            }),
            score: SpectralDense::new(2 * channels * quarter, 1, true, noise, device),
            sides: [data.channels, data.height, data.width],
        }
    }

    /// Scores `[batch, 1]` of images `[batch, pixels]` with masks `[batch, positions]` in `[0, 1]`. Pixels are centred;
    /// masks are not, so that 0 means no part, as in the padding.
    pub(super) fn forward(&self, image: Tensor<2>, mask: Tensor<2>) -> Tensor<2> {
        let [channels, height, width] = self.sides;
        let x = to_channels_last(Tensor::cat(vec![centred(image), mask], 1), [channels + 1, height, width]);
        let read = self.layers.iter().fold(x, |x, layer| layer.forward_then(x, Activation::Leaky(0.2)));
        self.score.forward(read.flatten(1, 3))
    }

    /// Takes one step of the power iteration of each layer.
    pub(super) fn iterated(self) -> Self {
        Self { layers: self.layers.map(SpectralConv::iterated), score: self.score.iterated(), ..self }
    }
}

impl GenerativeModel for Generator {
    fn parameters(&self) -> u64 {
        ::nn::parameter_count(self)
    }

    fn restorer(&self) -> Option<&dyn Restorer> {
        Some(self)
    }
}

impl Restorer for Generator {
    fn restore(&self, parts: &Parts, noise: &mut Noise) -> Restored {
        let device = self.read.weight().device();
        let count = parts.rows().len();
        let (mut pixels, mut masks) = (Vec::new(), Vec::new());
        for first in (0..count).step_by(IMAGES) {
            let some = parts.select(&(first..count.min(first + IMAGES)).collect::<Vec<_>>());
            let z = self.latents(some.rows().len(), noise, &device);
            let whole = self.forward(self.embed(upload_parts(&some, &device)), z);
            pixels.extend(::nn::to_host(whole.image));
            masks.extend(::nn::to_host(sigmoid(whole.mask)));
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
    use crate::test_shape::{centres_pixels, shape};

    #[test]
    fn the_discriminator_sees_centred_pixels() {
        let (data, device) = (shape(1, 8, 8), Device::flex());
        let config = PuzzleGanConfig::tiny().swap_remove(0);
        let discriminator = Discriminator::new(&config, &data, &mut Noise::new(0, "test", 0), &device);
        assert!(centres_pixels(|x| discriminator.forward(x, Tensor::zeros([2, 64], &device)), &data));
    }

    #[test]
    fn the_order_of_parts_does_not_matter() {
        let parts = Some(PartShape { count: 3, side: 2 });
        let data = DataShape { parts, ..DataShape::new([1, 8, 8], Support::Continuous, [8, 8, 8]) };
        let config = PuzzleGanConfig::tiny().swap_remove(0);
        let generator = Generator::new(&config, &data, &mut Noise::new(0, "test", 0), &Device::flex());
        let pixels = Noise::new(1, "test", 0).uniforms(12);
        let turned = [&pixels[8..], &pixels[..8]].concat();
        let restored = |pixels: Vec<f32>| {
            let (masks, places) = (vec![0.0; 64], vec![[0, 0]; 3]);
            let parts = Parts { pixels, count: 3, part_len: 4, masks, mask_len: 64, places };
            generator.restore(&parts, &mut Noise::new(2, "test", 0))
        };
        let (a, b) = (restored(pixels.clone()), restored(turned));
        let apart = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(apart(&a.images.pixels, &b.images.pixels) < 1e-6 && apart(&a.masks, &b.masks) < 1e-6);
        let other = restored(pixels.iter().map(|pixel| 1.0 - pixel).collect());
        assert!(apart(&a.masks, &other.masks) > 1e-4);
    }
}
