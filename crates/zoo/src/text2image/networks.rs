//! The caption encoder, the generator and the discriminator.

use burn::module::Module;
use burn::prelude::*;
use burn::tensor::activation::{leaky_relu, relu, sigmoid};
use data::{CaptionShape, Captions, DataShape, Noise, Split};
use engine::{ConditionalSampler, Dense, GenerativeModel};
use protocol::Support;

use super::{MULTIPLE, Text2ImageConfig};
use crate::conv::{Conv, Deconv};

/// Images generated at once.
const IMAGES: usize = 500;
/// Dimensions of a word's code.
const WORD: usize = 16;

/// Captions as ones and zeros, `[batch, words, vocabulary]`.
pub(super) fn one_hot(captions: &Captions, vocabulary: usize, device: &Device) -> Tensor<3> {
    let mut ones = vec![0.0f32; captions.words.len() * vocabulary];
    for (row, word) in ones.chunks_exact_mut(vocabulary).zip(&captions.words) {
        row[usize::from(*word)] = 1.0;
    }
    let words = captions.caption_len;
    Tensor::from_data(TensorData::new(ones, [captions.words.len() / words, words, vocabulary]), device)
}

/// A code of each word, then one of the whole caption.
#[derive(Module, Debug)]
struct Encoder {
    word: Dense,
    caption: Dense,
}

impl Encoder {
    fn new(captions: CaptionShape, text: usize, noise: &mut Noise, device: &Device) -> Self {
        Self {
            word: Dense::new(captions.vocabulary, WORD, noise, device),
            caption: Dense::new(captions.words * WORD, text, noise, device),
        }
    }

    fn forward(&self, captions: Tensor<3>) -> Tensor<2> {
        let [batch, words, vocabulary] = captions.dims();
        let codes = self.word.forward(captions.reshape([batch * words, vocabulary]));
        leaky_relu(self.caption.forward(codes.reshape([batch, words * WORD])), 0.2)
    }
}

/// Hidden units of the generator's first layer, for each dimension of a caption's code: where words
/// come together to a scene.
const PLAN: usize = 4;

/// From noise and a caption to an image.
#[derive(Module, Debug)]
pub(super) struct Generator {
    encoder: Encoder,
    plan: Dense,
    first: Dense,
    second: Deconv,
    last: Deconv,
    #[module(skip)]
    latent: usize,
    #[module(skip)]
    vocabulary: usize,
    #[module(skip)]
    channels: usize,
    #[module(skip)]
    sides: [usize; 3],
}

impl Generator {
    pub(super) fn new(config: &Text2ImageConfig, data: &DataShape, noise: &mut Noise, device: &Device) -> Self {
        let captions = data.captions.expect("checked: there are captions");
        let quarter = data.height / MULTIPLE * (data.width / MULTIPLE);
        let channels = config.channels;
        Self {
            encoder: Encoder::new(captions, config.text, noise, device),
            plan: Dense::new(config.latent + config.text, PLAN * config.text, noise, device),
            first: Dense::new(PLAN * config.text, 2 * channels * quarter, noise, device),
            second: Deconv::new([2 * channels, channels], 4, 2, noise, device),
            last: Deconv::new([channels, data.channels], 4, 2, noise, device),
            latent: config.latent,
            vocabulary: captions.vocabulary,
            channels,
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

    /// Images in `[0, 1]`, `[batch, channels, height, width]`, for latents and codes of captions.
    pub(super) fn forward(&self, z: Tensor<2>, codes: Tensor<2>) -> Tensor<4> {
        let [batch, _] = z.dims();
        let [_, height, width] = self.sides;
        let plan = relu(self.plan.forward(Tensor::cat(vec![z, codes], 1)));
        let first = relu(self.first.forward(plan));
        let quarter = first.reshape([batch, 2 * self.channels, height / MULTIPLE, width / MULTIPLE]);
        sigmoid(self.last.forward(relu(self.second.forward(quarter))))
    }
}

/// From an image and a caption to the log-odds that both are data and belong together.
#[derive(Module, Debug)]
pub(super) struct Discriminator {
    encoder: Encoder,
    first: Conv,
    second: Conv,
    joint: Conv,
    score: Dense,
}

impl Discriminator {
    pub(super) fn new(config: &Text2ImageConfig, data: &DataShape, noise: &mut Noise, device: &Device) -> Self {
        let captions = data.captions.expect("checked: there are captions");
        let quarter = data.height / MULTIPLE * (data.width / MULTIPLE);
        let channels = config.channels;
        Self {
            encoder: Encoder::new(captions, config.text, noise, device),
            first: Conv::new([data.channels, channels], 4, 2, noise, device),
            second: Conv::new([channels, 2 * channels], 4, 2, noise, device),
            joint: Conv::new([2 * channels + config.text, 2 * channels], 1, 1, noise, device),
            score: Dense::new(2 * channels * quarter, 1, noise, device),
        }
    }

    /// The code of each caption.
    pub(super) fn encode(&self, captions: Tensor<3>) -> Tensor<2> {
        self.encoder.forward(captions)
    }

    /// What there is to see in images, before captions come in.
    pub(super) fn look(&self, x: Tensor<4>) -> Tensor<4> {
        leaky_relu(self.second.forward(leaky_relu(self.first.forward(x), 0.2)), 0.2)
    }

    /// Log-odds, `[batch, 1]`, of what was seen with codes of captions.
    pub(super) fn judge(&self, seen: Tensor<4>, codes: Tensor<2>) -> Tensor<2> {
        let [batch, _, height, width] = seen.dims();
        let [_, text] = codes.dims();
        let everywhere = codes.reshape([batch, text, 1, 1]).expand([batch, text, height, width]);
        let joint = leaky_relu(self.joint.forward(Tensor::cat(vec![seen, everywhere], 1)), 0.2);
        self.score.forward(joint.flatten(1, 3))
    }
}

impl GenerativeModel for Generator {
    fn parameters(&self) -> u64 {
        engine::parameter_count(self)
    }

    fn conditional(&self) -> Option<&dyn ConditionalSampler> {
        Some(self)
    }
}

impl ConditionalSampler for Generator {
    /// Grey, whatever the data: a GAN's output is scored as it is.
    fn support(&self) -> Support {
        Support::Continuous
    }

    fn sample_for(&self, captions: &Captions, noise: &mut Noise) -> Split {
        let device = self.first.device();
        let count = captions.rows().len();
        let mut pixels = Vec::new();
        for first in (0..count).step_by(IMAGES) {
            let some = captions.select(&(first..count.min(first + IMAGES)).collect::<Vec<_>>());
            let codes = self.encode(one_hot(&some, self.vocabulary, &device));
            let z = self.latents(some.rows().len(), noise, &device);
            pixels.extend(self.forward(z, codes).into_data().iter::<f32>());
        }
        Split::new(pixels, self.sides.iter().product())
    }
}
