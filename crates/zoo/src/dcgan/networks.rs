//! Generator and discriminator.

use ::nn::{
    Activation, BatchNorm, Conv, Deconv, Halvings, SpectralConv, SpectralDense, centred, sigmoid, to_channels_last,
    to_images,
};
use burn::module::Module;
use burn::prelude::*;
use data::{DataShape, Noise};

use super::DcganConfig;
use crate::gan::{Discriminate, Generate, Objective};

/// Activation of every hidden layer of the discriminator.
const LEAKY: Activation = Activation::Leaky(0.2);

/// Side of all kernels.
const KERNEL: usize = 4;
/// Stride of all convolutions: each halves or doubles the sides.
const STRIDE: usize = 2;

/// Generator: an image from numbers by deconvolutions.
#[derive(Module, Debug)]
pub(crate) struct Generator {
    /// Layer from z to the first small grid: a matrix, stored as a convolution of one position.
    first: Conv,
    grown: Vec<Deconv>,
    /// Normalisations after the first layer and after every deconvolution except the last.
    norms: Vec<BatchNorm>,
    pixels: Deconv,
    #[module(skip)]
    latent: usize,
    #[module(skip)]
    start: [usize; 2],
    #[module(skip)]
    image_len: usize,
    #[module(skip)]
    images_at_once: usize,
}

impl Generator {
    /// Returns a generator from `latent` numbers, with `channels` channels at half the image size.
    pub(crate) fn new(latent: usize, channels: usize, data: &DataShape, noise: &mut Noise, device: &Device) -> Self {
        let halvings = Halvings::of(data);
        let widths: Vec<usize> = halvings.channels(channels).into_iter().rev().collect();
        let positions: usize = halvings.last.iter().product();
        let first = Conv::new([latent, positions * widths[0]], 1, 1, noise, device).without_bias();
        let grown = widths.windows(2);
        let grown =
            grown.map(|pair| Deconv::new([pair[0], pair[1]], KERNEL, STRIDE, noise, device).without_bias()).collect();
        Self {
            first,
            grown,
            norms: widths.iter().map(|width| BatchNorm::new(*width, device)).collect(),
            pixels: Deconv::new([channels, data.channels], KERNEL, STRIDE, noise, device),
            latent,
            start: halvings.last,
            image_len: data.pixels(),
            images_at_once: Halvings::images_at_once(data, channels, data.channels),
        }
    }
}

impl Generate for Generator {
    fn forward(&self, z: Tensor<2>) -> Tensor<2> {
        let ([batch, latent], [rows, columns]) = (z.dims(), self.start);
        let first = self.first.forward(z.reshape([batch, 1, 1, latent]));
        let channels = first.dims()[3] / (rows * columns);
        let (on_first, norms) = self.norms.split_first().expect("a normalisation after the first layer");
        let mut x = on_first.forward_then(first.reshape([batch, rows, columns, channels]), Activation::Relu);
        for (deconv, norm) in self.grown.iter().zip(norms) {
            x = norm.forward_after(deconv, x, Activation::Relu);
        }
        sigmoid(to_images(self.pixels.forward(x)))
    }

    fn latent(&self) -> usize {
        self.latent
    }

    fn image_len(&self) -> usize {
        self.image_len
    }

    fn images_at_once(&self) -> usize {
        self.images_at_once
    }

    fn fixed(self) -> Self {
        Self { norms: self.norms.into_iter().map(BatchNorm::fixed).collect(), ..self }
    }

    fn device(&self) -> Device {
        self.first.device()
    }
}

/// Discriminator without its last layer: from images to features by convolutions.
#[derive(Module, Debug)]
pub(crate) struct Convolutions {
    layers: Vec<SpectralConv>,
    /// Normalisations after every layer except the first, with [`Normalisation::Batch`] only.
    norms: Vec<BatchNorm>,
    #[module(skip)]
    sides: [usize; 3],
}

/// Normalisation of the layers of the discriminator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Normalisation {
    /// Batch normalisation after every layer except the first.
    Batch,
    /// Spectral normalisation of all layers.
    Spectral,
    /// None: the objective restricts the weights.
    None,
}

impl Convolutions {
    /// Returns the convolutions and their number of features.
    pub(crate) fn new(
        channels: usize,
        normalisation: Normalisation,
        data: &DataShape,
        noise: &mut Noise,
        device: &Device,
    ) -> (Self, usize) {
        let halvings = Halvings::of(data);
        let widths = halvings.channels(channels);
        let normalised = normalisation == Normalisation::Batch;
        let layer = |(level, to): (usize, &usize)| {
            let from = if level == 0 { data.channels } else { widths[level - 1] };
            let conv = Conv::new([from, *to], KERNEL, STRIDE, noise, device);
            let conv = if normalised && level > 0 { conv.without_bias() } else { conv };
            SpectralConv::new(conv, normalisation == Normalisation::Spectral, noise)
        };
        let layers = widths.iter().enumerate().map(layer).collect();
        let norms = widths.iter().skip(1).filter(|_| normalised).map(|width| BatchNorm::new(*width, device)).collect();
        let features = halvings.last.iter().product::<usize>() * widths[widths.len() - 1];
        (Self { layers, norms, sides: [data.channels, data.height, data.width] }, features)
    }

    /// Computes features of the centred pixels, `[batch, pixels]` to `[batch, features]`.
    pub(crate) fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let mut x = to_channels_last(centred(x), self.sides);
        for (level, layer) in self.layers.iter().enumerate() {
            let norm = level.checked_sub(1).and_then(|norm| self.norms.get(norm));
            x = match norm {
                Some(norm) => norm.forward_then(layer.forward_then(x, Activation::Identity), LEAKY),
                None => layer.forward_then(x, LEAKY),
            };
        }
        x.flatten(1, 3)
    }

    fn iterated(self) -> Self {
        let layers = self.layers.into_iter().map(SpectralConv::iterated).collect();
        Self { layers, ..self }
    }
}

#[derive(Module, Debug)]
pub(crate) struct Discriminator {
    body: Convolutions,
    score: SpectralDense,
}

impl Discriminator {
    pub(super) fn new(config: &DcganConfig, data: &DataShape, noise: &mut Noise, device: &Device) -> Self {
        let normalisation = match config.objective {
            _ if config.spectral => Normalisation::Spectral,
            Objective::Wgan => Normalisation::None,
            _ => Normalisation::Batch,
        };
        let (body, features) = Convolutions::new(config.channels, normalisation, data, noise, device);
        Self { body, score: SpectralDense::new(features, 1, config.spectral, noise, device) }
    }
}

impl Discriminate for Discriminator {
    fn forward(&self, x: Tensor<2>, _noise: &mut Noise) -> Tensor<2> {
        self.score.forward(self.body.forward(x))
    }

    fn iterated(self) -> Self {
        Self { body: self.body.iterated(), score: self.score.iterated() }
    }
}
