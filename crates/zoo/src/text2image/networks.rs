//! Caption encoder, generator and discriminator.

use ::nn::{
    Activation, BatchNorm, Conv, Deconv, Dense, SpectralConv, SpectralDense, centred, sigmoid, to_channels_last,
    to_images, uniform,
};
use burn::module::{Module, Param};
use burn::prelude::*;
use data::{CaptionShape, Captions, DataShape, Noise, Split};
use engine::{ConditionalSampler, GenerativeModel};
use protocol::Support;

use super::{MULTIPLE, Text2ImageConfig};

/// Number of images per chunk of a generation.
const IMAGES: usize = 500;
/// Number of dimensions of the code of a word.
const WORD: usize = 16;

/// One-hot captions, `[batch, words, vocabulary]`.
pub(super) fn one_hot(captions: &Captions, vocabulary: usize, device: &Device) -> Tensor<3> {
    let mut ones = vec![0.0f32; captions.words.len() * vocabulary];
    for (row, word) in ones.chunks_exact_mut(vocabulary).zip(&captions.words) {
        row[usize::from(*word)] = 1.0;
    }
    let words = captions.caption_len;
    Tensor::from_data(TensorData::new(ones, [captions.words.len() / words, words, vocabulary]), device)
}

/// Caption encoder: a code per word, then a code of the whole caption. It is linear in words, so that a word has the
/// same effect in all captions.
#[derive(Module, Debug)]
struct Encoder {
    word: Param<Tensor<2>>,
    caption: Param<Tensor<2>>,
}

/// Draws the weights of a layer without a bias, as in [`Dense`]. The next layer has a bias.
fn matrix(inputs: usize, outputs: usize, noise: &mut Noise, device: &Device) -> Param<Tensor<2>> {
    uniform([inputs, outputs], (6.0 / (inputs + outputs) as f32).sqrt(), noise, device)
}

impl Encoder {
    fn new(captions: CaptionShape, text: usize, noise: &mut Noise, device: &Device) -> Self {
        Self {
            word: matrix(captions.vocabulary, WORD, noise, device),
            caption: matrix(captions.words * WORD, text, noise, device),
        }
    }

    fn forward(&self, captions: Tensor<3>) -> Tensor<2> {
        let [batch, words, vocabulary] = captions.dims();
        let codes = captions.reshape([batch * words, vocabulary]).matmul(self.word.val());
        codes.reshape([batch, words * WORD]).matmul(self.caption.val())
    }
}

/// Number of hidden units in the first layer of the generator per dimension of the code of a caption. This layer
/// combines the words.
const PLAN: usize = 4;

/// Generator: from noise and the code of a caption to an image.
#[derive(Module, Debug)]
pub(super) struct Generator {
    encoder: Encoder,
    plan: Param<Tensor<2>>,
    first: Dense,
    second: Deconv,
    last: Deconv,
    /// Normalisations after all layers except the last.
    norms: [BatchNorm; 3],
    #[module(skip)]
    latent: usize,
    #[module(skip)]
    vocabulary: usize,
    #[module(skip)]
    sides: [usize; 3],
}

impl Generator {
    pub(super) fn new(config: &Text2ImageConfig, data: &DataShape, noise: &mut Noise, device: &Device) -> Self {
        let captions = data.captions.expect("`check` requires captions");
        let quarter = data.height / MULTIPLE * (data.width / MULTIPLE);
        let (channels, plan) = (config.channels, PLAN * config.text);
        Self {
            encoder: Encoder::new(captions, config.text, noise, device),
            plan: matrix(config.latent + config.text, plan, noise, device),
            first: Dense::new(plan, 2 * channels * quarter, noise, device),
            second: Deconv::new([2 * channels, channels], 4, 2, noise, device).without_bias(),
            last: Deconv::new([channels, data.channels], 4, 2, noise, device),
            norms: [plan, 2 * channels, channels].map(|features| BatchNorm::new(features, device)),
            latent: config.latent,
            vocabulary: captions.vocabulary,
            sides: [data.channels, data.height, data.width],
        }
    }

    /// The code of each caption.
    pub(super) fn encode(&self, captions: Tensor<3>) -> Tensor<2> {
        self.encoder.forward(captions)
    }

    pub(super) fn latents(&self, count: usize, noise: &mut Noise, device: &Device) -> Tensor<2> {
        Tensor::from_data(TensorData::new(noise.normals(count * self.latent), [count, self.latent]), device)
    }

    /// Computes images in `[0, 1]`, `[batch, pixels]`, from latents and codes of captions.
    pub(super) fn forward(&self, z: Tensor<2>, codes: Tensor<2>) -> Tensor<2> {
        let ([batch, _], [_, height, width]) = (z.dims(), self.sides);
        let [on_plan, on_first, on_second] = &self.norms;
        let plan = Tensor::cat(vec![z, codes], 1).matmul(self.plan.val());
        let plan = on_plan.forward_then(plan, Activation::Relu);
        let (rows, columns) = (height / MULTIPLE, width / MULTIPLE);
        let first: Tensor<4> = self.first.forward(plan).reshape([batch as i32, rows as i32, columns as i32, -1]);
        let second =
            on_second.forward_after(&self.second, on_first.forward_then(first, Activation::Relu), Activation::Relu);
        sigmoid(to_images(self.last.forward(second)))
    }
}

/// Discriminator: from an image and a caption to the log-odds that they are a pair from the data.
#[derive(Module, Debug)]
pub(super) struct Discriminator {
    encoder: Encoder,
    layers: Vec<SpectralConv>,
    score: SpectralDense,
    /// Layer from the code of a caption to the features with which those of the image are multiplied.
    caption: SpectralDense,
    #[module(skip)]
    sides: [usize; 3],
}

impl Discriminator {
    pub(super) fn new(config: &Text2ImageConfig, data: &DataShape, noise: &mut Noise, device: &Device) -> Self {
        let captions = data.captions.expect("`check` requires captions");
        let channels = config.channels;
        let features = 2 * channels * (data.height / MULTIPLE * (data.width / MULTIPLE));
        let encoder = Encoder::new(captions, config.text, noise, device);
        let mut layer = |channels: [usize; 2], kernel: usize, stride: usize| {
            let conv = Conv::new(channels, kernel, stride, noise, device);
            SpectralConv::new(conv, true, noise)
        };
        let layers = vec![
            layer([data.channels, channels], 4, 2),
            layer([channels, 2 * channels], 4, 2),
            layer([2 * channels, 2 * channels], 1, 1),
        ];
        Self {
            encoder,
            layers,
            score: SpectralDense::new(features, 1, true, noise, device),
            caption: SpectralDense::new(config.text, features, true, noise, device),
            sides: [data.channels, data.height, data.width],
        }
    }

    /// The code of each caption.
    pub(super) fn encode(&self, captions: Tensor<3>) -> Tensor<2> {
        self.encoder.forward(captions)
    }

    /// Computes features of the centred pixels, `[batch, pixels]` to `[batch, features]`.
    pub(super) fn features(&self, x: Tensor<2>) -> Tensor<2> {
        let x = to_channels_last(centred(x), self.sides);
        self.layers.iter().fold(x, |x, layer| layer.forward_then(x, Activation::Leaky(0.2))).flatten(1, 3)
    }

    /// Scores of image features with codes of captions: log-odds, `[batch, 1]`.
    pub(super) fn scores(&self, features: Tensor<2>, codes: Tensor<2>) -> Tensor<2> {
        let fit = (self.caption.forward(codes) * features.clone()).sum_dim(1);
        self.score.forward(features) + fit
    }

    /// Takes one step of the power iteration of each layer.
    pub(super) fn iterated(self) -> Self {
        let layers = self.layers.into_iter().map(SpectralConv::iterated).collect();
        Self { layers, score: self.score.iterated(), caption: self.caption.iterated(), ..self }
    }
}

impl GenerativeModel for Generator {
    fn parameters(&self) -> u64 {
        ::nn::parameter_count(self)
    }

    fn conditional(&self) -> Option<&dyn ConditionalSampler> {
        Some(self)
    }
}

impl ConditionalSampler for Generator {
    /// Continuous for all data: the images are scored as the generator returns them.
    fn support(&self) -> Support {
        Support::Continuous
    }

    fn sample_for(&self, captions: &Captions, noise: &mut Noise) -> Split {
        let device = self.first.weight().device();
        let count = captions.rows().len();
        let mut pixels = Vec::new();
        for first in (0..count).step_by(IMAGES) {
            let some = captions.select(&(first..count.min(first + IMAGES)).collect::<Vec<_>>());
            let codes = self.encode(one_hot(&some, self.vocabulary, &device));
            let z = self.latents(some.rows().len(), noise, &device);
            pixels.extend(::nn::to_host(self.forward(z, codes)));
        }
        Split::new(pixels, self.sides.iter().product())
    }
}

#[cfg(test)]
mod tests {
    use engine::ModelConfig;

    use super::*;
    use crate::test_shape::{centres_pixels, shape};

    #[test]
    fn the_discriminator_sees_centred_pixels() {
        let data = DataShape { captions: Some(CaptionShape { vocabulary: 3, words: 2 }), ..shape(1, 8, 8) };
        let config = Text2ImageConfig::tiny().swap_remove(0);
        let discriminator = Discriminator::new(&config, &data, &mut Noise::new(0, "test", 0), &Device::flex());
        assert!(centres_pixels(|x| discriminator.features(x), &data));
    }
}
