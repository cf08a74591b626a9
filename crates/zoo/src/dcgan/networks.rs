//! G and D.

use burn::module::Module;
use burn::prelude::*;
use burn::tensor::activation::{leaky_relu, relu, sigmoid};
use data::{DataShape, Noise, Split};
use engine::{GenerativeModel, Sampler};
use protocol::Support;

use super::DcganConfig;
use crate::gan::{Discriminate, Generate, Objective, sampled};
use crate::nn::batch_norm::BatchNorm;
use crate::nn::conv::{Conv, Deconv, to_images, to_maps};
use crate::nn::halvings::Halvings;
use crate::nn::spectral::{ConvLayer, Layer};

/// The side of all kernels, moved by half of it.
const KERNEL: usize = 4;
const STRIDE: usize = 2;

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
    pub(super) fn new(config: &DcganConfig, data: &DataShape, noise: &mut Noise, device: &Device) -> Self {
        let halvings = Halvings::of(data);
        let maps: Vec<usize> = halvings.maps(config.channels).into_iter().rev().collect();
        let places: usize = halvings.last.iter().product();
        let first = Conv::new([config.latent, places * maps[0]], 1, 1, noise, device).without_bias();
        let grown = maps.windows(2);
        let grown =
            grown.map(|pair| Deconv::new([pair[0], pair[1]], KERNEL, STRIDE, noise, device).without_bias()).collect();
        Self {
            first,
            grown,
            norms: maps.iter().map(|maps| BatchNorm::new(*maps, device)).collect(),
            pixels: Deconv::new([config.channels, data.channels], KERNEL, STRIDE, noise, device),
            latent: config.latent,
            start: halvings.last,
            image_len: data.pixels(),
            images_at_once: Halvings::images_at_once(data, config.channels, data.channels),
        }
    }
}

impl Generate for Generator {
    fn forward(&self, z: Tensor<2>) -> Tensor<2> {
        let ([batch, latent], [rows, columns]) = (z.dims(), self.start);
        let first = self.first.forward(z.reshape([batch, 1, 1, latent]));
        let maps = first.dims()[3] / (rows * columns);
        let mut x = first.reshape([batch, rows, columns, maps]);
        for (level, norm) in self.norms.iter().enumerate() {
            let deconv = self.grown.get(level).unwrap_or(&self.pixels);
            x = deconv.forward(relu(norm.forward(x)));
        }
        sigmoid(to_images(x))
    }

    fn latents(&self, count: usize, noise: &mut Noise, device: &Device) -> Tensor<2> {
        Tensor::from_data(TensorData::new(noise.normals(count * self.latent), [count, self.latent]), device)
    }

    fn device(&self) -> Device {
        self.first.device()
    }
}

#[derive(Module, Debug)]
pub(crate) struct Discriminator {
    layers: Vec<ConvLayer>,
    /// After every layer but the first, unless D is held back otherwise.
    norms: Vec<BatchNorm>,
    score: Layer,
    #[module(skip)]
    sides: [usize; 3],
}

impl Discriminator {
    pub(super) fn new(config: &DcganConfig, data: &DataShape, noise: &mut Noise, device: &Device) -> Self {
        let halvings = Halvings::of(data);
        let maps = halvings.maps(config.channels);
        let normalised = !config.spectral && config.objective != Objective::Wgan;
        let layer = |(level, to): (usize, &usize)| {
            let from = if level == 0 { data.channels } else { maps[level - 1] };
            let conv = Conv::new([from, *to], KERNEL, STRIDE, noise, device);
            let conv = if normalised && level > 0 { conv.without_bias() } else { conv };
            ConvLayer::new(conv, config.spectral, noise)
        };
        let layers = maps.iter().enumerate().map(layer).collect();
        let norms = maps.iter().skip(1).filter(|_| normalised).map(|maps| BatchNorm::new(*maps, device)).collect();
        let seen = halvings.last.iter().product::<usize>() * maps[maps.len() - 1];
        let sides = [data.channels, data.height, data.width];
        Self { layers, norms, score: Layer::new(seen, 1, config.spectral, noise, device), sides }
    }
}

impl Discriminate for Discriminator {
    fn forward(&self, x: Tensor<2>, _noise: &mut Noise) -> Tensor<2> {
        let mut x = to_maps(x, self.sides);
        for (level, layer) in self.layers.iter().enumerate() {
            let read = layer.forward(x);
            let norm = level.checked_sub(1).and_then(|norm| self.norms.get(norm));
            let read = match norm {
                Some(norm) => norm.forward(read),
                None => read,
            };
            x = leaky_relu(read, 0.2);
        }
        self.score.forward(x.flatten(1, 3))
    }

    fn iterated(self) -> Self {
        let layers = self.layers.into_iter().map(ConvLayer::iterated).collect();
        Self { layers, score: self.score.iterated(), ..self }
    }
}

impl GenerativeModel for Generator {
    fn parameters(&self) -> u64 {
        engine::parameter_count(self)
    }

    fn sampler(&self) -> Option<&dyn Sampler> {
        Some(self)
    }
}

impl Sampler for Generator {
    /// Grey, whatever the data: a GAN's output is scored as it is.
    fn support(&self) -> Support {
        Support::Continuous
    }

    fn sample(&self, count: usize, noise: &mut Noise) -> Split {
        sampled(self, count, self.images_at_once, self.image_len, noise)
    }
}
