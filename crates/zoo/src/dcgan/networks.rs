//! G and D.

use ::nn::{
    Activation, BatchNorm, Conv, Deconv, Halvings, SpectralConv, SpectralDense, sigmoid, to_channels_last, to_images,
};
use burn::module::Module;
use burn::prelude::*;
use data::{DataShape, Noise};

use super::DcganConfig;
use crate::gan::{Discriminate, Generate, Objective};

/// Activation of every hidden layer of the discriminator.
const LEAKY: Activation = Activation::Leaky(0.2);

/// The side of all kernels, moved by half of it.
const KERNEL: usize = 4;
const STRIDE: usize = 2;

/// What grows an image from numbers: G.
#[derive(Module, Debug)]
pub(crate) struct Generator {
    /// From z to the few places that the image grows from: a matrix, as a convolution of one place.
    first: Conv,
    grown: Vec<Deconv>,
    /// After the first layer and every deconvolution.
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
    /// From `latent` numbers, to `channels` feature maps next to the image.
    pub(crate) fn new(latent: usize, channels: usize, data: &DataShape, noise: &mut Noise, device: &Device) -> Self {
        let halvings = Halvings::of(data);
        let maps: Vec<usize> = halvings.channels(channels).into_iter().rev().collect();
        let places: usize = halvings.last.iter().product();
        let first = Conv::new([latent, places * maps[0]], 1, 1, noise, device).without_bias();
        let grown = maps.windows(2);
        let grown =
            grown.map(|pair| Deconv::new([pair[0], pair[1]], KERNEL, STRIDE, noise, device).without_bias()).collect();
        Self {
            first,
            grown,
            norms: maps.iter().map(|maps| BatchNorm::new(*maps, device)).collect(),
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
        let maps = first.dims()[3] / (rows * columns);
        let (on_first, norms) = self.norms.split_first().expect("one after the first layer");
        let mut x = on_first.forward_then(first.reshape([batch, rows, columns, maps]), Activation::Relu);
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

/// What takes an image apart: all of D but its score.
#[derive(Module, Debug)]
pub(crate) struct Convolutions {
    layers: Vec<SpectralConv>,
    /// After every layer but the first, unless D is held back otherwise.
    norms: Vec<BatchNorm>,
    #[module(skip)]
    sides: [usize; 3],
}

/// How the layers of D are held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Held {
    /// By batch normalisation after every layer but the first.
    Batch,
    /// By spectral normalisation.
    Spectral,
    /// By the objective alone.
    Not,
}

impl Convolutions {
    /// With the number of features.
    pub(crate) fn new(
        channels: usize,
        held: Held,
        data: &DataShape,
        noise: &mut Noise,
        device: &Device,
    ) -> (Self, usize) {
        let halvings = Halvings::of(data);
        let maps = halvings.channels(channels);
        let normalised = held == Held::Batch;
        let layer = |(level, to): (usize, &usize)| {
            let from = if level == 0 { data.channels } else { maps[level - 1] };
            let conv = Conv::new([from, *to], KERNEL, STRIDE, noise, device);
            let conv = if normalised && level > 0 { conv.without_bias() } else { conv };
            SpectralConv::new(conv, held == Held::Spectral, noise)
        };
        let layers = maps.iter().enumerate().map(layer).collect();
        let norms = maps.iter().skip(1).filter(|_| normalised).map(|maps| BatchNorm::new(*maps, device)).collect();
        let features = halvings.last.iter().product::<usize>() * maps[maps.len() - 1];
        (Self { layers, norms, sides: [data.channels, data.height, data.width] }, features)
    }

    /// `[batch, pixels]` to `[batch, features]`.
    pub(crate) fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let mut x = to_channels_last(x, self.sides);
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
        let held = match config.objective {
            _ if config.spectral => Held::Spectral,
            Objective::Wgan => Held::Not,
            _ => Held::Batch,
        };
        let (body, seen) = Convolutions::new(config.channels, held, data, noise, device);
        Self { body, score: SpectralDense::new(seen, 1, config.spectral, noise, device) }
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
