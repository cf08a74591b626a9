//! Encoders and decoders: perceptrons, or convolutions between an image and a small grid.

use ::nn::{Activation, Conv, Deconv, Dense, Halvings, to_channels_last, to_images};
use burn::module::Module;
use burn::prelude::*;
use data::{DataShape, Noise};
use protocol::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Perceptron;
use protocol::check::positive;

/// Side of all kernels.
const KERNEL: usize = 4;
/// Stride of all convolutions: each halves or doubles the sides.
const STRIDE: usize = 2;

/// Architecture of encoder and decoder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Network {
    /// Fully connected layers, for images of any size.
    #[default]
    Mlp,
    /// Convolutions, for images whose sides can be halved.
    Conv,
}

/// Settings that select a network.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NetworkSettings {
    pub(crate) network: Network,
    /// Number of hidden units per layer of a perceptron.
    pub(crate) hidden: usize,
    /// Number of hidden layers of a perceptron.
    pub(crate) layers: usize,
    /// Number of channels after the first convolution; each further convolution doubles it.
    pub(crate) channels: usize,
}

impl NetworkSettings {
    /// Refuses settings for which no network fits the images.
    pub(crate) fn check(self, data: &DataShape) -> Result<(), Problem> {
        positive("hidden", self.hidden)?;
        positive("channels", self.channels)?;
        match self.network {
            Network::Mlp => Ok(()),
            Network::Conv => Halvings::check(data, "network"),
        }
    }
}

/// Network from images to features.
#[derive(Module, Debug)]
pub(crate) enum Encoder {
    /// [`Network::Mlp`].
    Mlp(Perceptron),
    /// [`Network::Conv`].
    Conv(Convolutions),
}

impl Encoder {
    /// Returns the encoder and its number of features.
    pub(crate) fn new(
        settings: NetworkSettings,
        data: &DataShape,
        noise: &mut Noise,
        device: &Device,
    ) -> (Self, usize) {
        match settings.network {
            Network::Mlp => {
                let (encoder, seen) = Perceptron::new(data.pixels(), settings.hidden, settings.layers, noise, device);
                (Self::Mlp(encoder), seen)
            }
            Network::Conv => {
                let (encoder, seen) = Convolutions::new(settings.channels, data, noise, device);
                (Self::Conv(encoder), seen)
            }
        }
    }

    /// Computes features, `[batch, pixels]` to `[batch, features]`.
    pub(crate) fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Mlp(encoder) => encoder.forward(x),
            Self::Conv(encoder) => in_chunks(x, encoder.images_at_once, |x| encoder.forward(x)),
        }
    }
}

/// Network from latents to parameters of the pixels: the first parameter of all pixels, then the second, and so on.
#[derive(Module, Debug)]
pub(crate) enum Decoder {
    /// [`Network::Mlp`].
    Mlp(Perceptrons),
    /// [`Network::Conv`].
    Conv(Deconvolutions),
}

impl Decoder {
    /// Returns a decoder with `width` parameters per pixel.
    pub(crate) fn new(
        settings: NetworkSettings,
        latent: usize,
        width: usize,
        data: &DataShape,
        noise: &mut Noise,
        device: &Device,
    ) -> Self {
        match settings.network {
            Network::Mlp => {
                let (hidden, shown) = Perceptron::new(latent, settings.hidden, settings.layers, noise, device);
                Self::Mlp(Perceptrons { hidden, pixels: Dense::new(shown, data.pixels() * width, noise, device) })
            }
            Network::Conv => Self::Conv(Deconvolutions::new(latent, settings.channels, width, data, noise, device)),
        }
    }

    /// Decodes latents, `[batch, latent]` to `[batch, width * pixels]`.
    pub(crate) fn forward(&self, z: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Mlp(decoder) => decoder.pixels.forward(decoder.hidden.forward(z)),
            Self::Conv(decoder) => in_chunks(z, decoder.images_at_once, |z| decoder.forward(z)),
        }
    }
}

/// Perceptron of a decoder and its last layer.
#[derive(Module, Debug)]
pub(crate) struct Perceptrons {
    hidden: Perceptron,
    pixels: Dense,
}

/// Convolutions that halve the sides of an image, each followed by a ReLU.
#[derive(Module, Debug)]
pub(crate) struct Convolutions {
    layers: Vec<Conv>,
    #[module(skip)]
    sides: [usize; 3],
    #[module(skip)]
    images_at_once: usize,
}

impl Convolutions {
    fn new(channels: usize, data: &DataShape, noise: &mut Noise, device: &Device) -> (Self, usize) {
        let halvings = Halvings::of(data);
        let mut from = data.channels;
        let layer = |to: usize| Conv::new([std::mem::replace(&mut from, to), to], KERNEL, STRIDE, noise, device);
        let layers = halvings.channels(channels).into_iter().map(layer).collect();
        let encoder = Self {
            layers,
            sides: [data.channels, data.height, data.width],
            images_at_once: Halvings::images_at_once(data, channels, data.channels),
        };
        (encoder, from * halvings.last.iter().product::<usize>())
    }

    fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        self.layers
            .iter()
            .fold(to_channels_last(x, self.sides), |x, layer| layer.forward_then(x, Activation::Relu))
            .flatten(1, 3)
    }
}

/// Deconvolutions from a small grid to an image, each preceded by a ReLU.
#[derive(Module, Debug)]
pub(crate) struct Deconvolutions {
    first: Dense,
    layers: Vec<Deconv>,
    #[module(skip)]
    start: [usize; 3],
    #[module(skip)]
    images_at_once: usize,
}

impl Deconvolutions {
    fn new(latent: usize, channels: usize, width: usize, data: &DataShape, noise: &mut Noise, device: &Device) -> Self {
        let (halvings, numbers) = (Halvings::of(data), width * data.channels);
        let widths: Vec<usize> = halvings.channels(channels).into_iter().rev().collect();
        let [rows, columns] = halvings.last;
        let first = Dense::new(latent, rows * columns * widths[0], noise, device);
        let next = widths.iter().skip(1).chain([&numbers]);
        let layer = |(from, to): (&usize, &usize)| Deconv::new([*from, *to], KERNEL, STRIDE, noise, device);
        Self {
            first,
            layers: widths.iter().zip(next).map(layer).collect(),
            start: [rows, columns, widths[0]],
            images_at_once: Halvings::images_at_once(data, channels, numbers),
        }
    }

    fn forward(&self, z: Tensor<2>) -> Tensor<2> {
        let ([batch, _], [rows, columns, channels]) = (z.dims(), self.start);
        let start = self.first.forward_then(z, Activation::Relu).reshape([batch, rows, columns, channels]);
        let (last, before) = self.layers.split_last().expect("at least one halving");
        let grown = before.iter().fold(start, |x, layer| layer.forward_then(x, Activation::Relu));
        to_images(last.forward(grown))
    }
}

/// Applies `f` to chunks of `rows` rows, because the input of a convolution takes many times the memory of an image. In
/// training it applies `f` to the whole batch.
fn in_chunks(x: Tensor<2>, rows: usize, f: impl Fn(Tensor<2>) -> Tensor<2>) -> Tensor<2> {
    let count = x.dims()[0];
    if x.device().is_autodiff() || count <= rows {
        return f(x);
    }
    Tensor::cat(x.split(rows, 0).into_iter().map(f).collect(), 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::Support;

    fn shape(height: usize, width: usize) -> DataShape {
        DataShape::new([3, height, width], Support::Binary, [8, 8, 8])
    }

    fn settings(network: Network) -> NetworkSettings {
        NetworkSettings { network, hidden: 8, layers: 1, channels: 4 }
    }

    #[test]
    fn convolutions_refuse_odd_sides_and_perceptrons_accept_them() {
        let problem = settings(Network::Conv).check(&shape(27, 28)).expect_err("27 is odd");
        assert_eq!(problem.path, "network");
        assert_eq!(settings(Network::Mlp).check(&shape(27, 28)), Ok(()));
        assert_eq!(settings(Network::Conv).check(&shape(28, 28)), Ok(()));
    }

    /// For 16x8 images of three channels, chunks agree with the whole batch, and the decoder returns the image size.
    #[test]
    fn chunks_agree_with_the_whole_batch() {
        let (device, mut noise) = (Device::flex(), Noise::new(0, "network", 0));
        let data = shape(16, 8);
        let (encoder, seen) = Encoder::new(settings(Network::Conv), &data, &mut noise, &device);
        let decoder = Decoder::new(settings(Network::Conv), 2, 5, &data, &mut noise, &device);
        let x = Tensor::from_data(TensorData::new(noise.normals(7 * data.pixels()), [7, data.pixels()]), &device);
        let z = Tensor::from_data(TensorData::new(noise.normals(14), [7, 2]), &device);
        assert_eq!(encoder.forward(x.clone()).dims(), [7, seen]);
        assert_eq!(decoder.forward(z.clone()).dims(), [7, 5 * data.pixels()]);
        let host = |x: Tensor<2>| x.into_data().iter::<f32>().collect::<Vec<_>>();
        let close = |a: &[f32], b: &[f32]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-5);
        let parts = in_chunks(x.clone(), 3, |x| encoder.forward(x));
        assert!(close(&host(parts), &host(encoder.forward(x))));
        let parts = in_chunks(z.clone(), 3, |z| decoder.forward(z));
        assert!(close(&host(parts), &host(decoder.forward(z))));
    }
}
