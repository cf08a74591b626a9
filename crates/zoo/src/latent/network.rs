//! Encoders and decoders: perceptrons, or convolutions between an image and few places.

use ::nn::{Activation, Conv, Deconv, Dense, Halvings, to_channels_last, to_images};
use burn::module::Module;
use burn::prelude::*;
use data::{DataShape, Noise};
use protocol::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Perceptron;
use protocol::check::positive;

/// The side of all kernels, moved by half of it.
const KERNEL: usize = 4;
const STRIDE: usize = 2;

/// What encoder and decoder are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Network {
    /// Fully connected layers, on images of any size.
    #[default]
    Mlp,
    /// Convolutions, on images whose sides can be halved.
    Conv,
}

/// The settings that choose a network.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NetworkSettings {
    pub(crate) network: Network,
    /// Hidden units of each layer of a perceptron.
    pub(crate) hidden: usize,
    /// Hidden layers of a perceptron.
    pub(crate) layers: usize,
    /// Feature maps after the first convolution; twice as many after each further one.
    pub(crate) channels: usize,
}

impl NetworkSettings {
    /// Whether there are such networks for such images.
    pub(crate) fn check(self, data: &DataShape) -> Result<(), Problem> {
        positive("hidden", self.hidden)?;
        positive("channels", self.channels)?;
        match self.network {
            Network::Mlp => Ok(()),
            Network::Conv => Halvings::check(data, "network"),
        }
    }
}

/// From images to hidden numbers.
#[derive(Module, Debug)]
pub(crate) enum Encoder {
    /// [`Network::Mlp`].
    Mlp(Perceptron),
    /// [`Network::Conv`].
    Conv(Convolutions),
}

impl Encoder {
    /// Also how many numbers come out.
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

    /// `[batch, pixels]` to `[batch, numbers]`.
    pub(crate) fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Mlp(encoder) => encoder.forward(x),
            Self::Conv(encoder) => in_portions(x, encoder.images_at_once, |x| encoder.forward(x)),
        }
    }
}

/// From latents to numbers per pixel, all pixels' first number before their second.
#[derive(Module, Debug)]
pub(crate) enum Decoder {
    /// [`Network::Mlp`].
    Mlp(Perceptrons),
    /// [`Network::Conv`].
    Conv(Deconvolutions),
}

impl Decoder {
    /// `width` numbers per pixel.
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

    /// `[batch, latent]` to `[batch, width * pixels]`.
    pub(crate) fn forward(&self, z: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Mlp(decoder) => decoder.pixels.forward(decoder.hidden.forward(z)),
            Self::Conv(decoder) => in_portions(z, decoder.images_at_once, |z| decoder.forward(z)),
        }
    }
}

/// A decoder's perceptron and its last layer.
#[derive(Module, Debug)]
pub(crate) struct Perceptrons {
    hidden: Perceptron,
    pixels: Dense,
}

/// Halves an image's sides, a ReLU after each convolution.
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

/// Grows few places to an image, a ReLU before each deconvolution.
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
        let maps: Vec<usize> = halvings.channels(channels).into_iter().rev().collect();
        let [rows, columns] = halvings.last;
        let first = Dense::new(latent, rows * columns * maps[0], noise, device);
        let next = maps.iter().skip(1).chain([&numbers]);
        let layer = |(from, to): (&usize, &usize)| Deconv::new([*from, *to], KERNEL, STRIDE, noise, device);
        Self {
            first,
            layers: maps.iter().zip(next).map(layer).collect(),
            start: [rows, columns, maps[0]],
            images_at_once: Halvings::images_at_once(data, channels, numbers),
        }
    }

    fn forward(&self, z: Tensor<2>) -> Tensor<2> {
        let ([batch, _], [rows, columns, maps]) = (z.dims(), self.start);
        let start = self.first.forward_then(z, Activation::Relu).reshape([batch, rows, columns, maps]);
        let (last, before) = self.layers.split_last().expect("at least one halving");
        let grown = before.iter().fold(start, |x, layer| layer.forward_then(x, Activation::Relu));
        to_images(last.forward(grown))
    }
}

/// Outside training, so many rows at a time: what a convolution reads takes many times an image's
/// memory. A step of training takes its batch as a whole.
fn in_portions(x: Tensor<2>, rows: usize, f: impl Fn(Tensor<2>) -> Tensor<2>) -> Tensor<2> {
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
    fn convolutions_refuse_sides_out_of_reach_and_perceptrons_take_them() {
        let problem = settings(Network::Conv).check(&shape(27, 28)).expect_err("27 is odd");
        assert_eq!(problem.path, "network");
        assert_eq!(settings(Network::Mlp).check(&shape(27, 28)), Ok(()));
        assert_eq!(settings(Network::Conv).check(&shape(28, 28)), Ok(()));
    }

    /// 16x8 images of three channels: portions are the whole, and the image comes back in its size.
    #[test]
    fn portions_are_the_whole() {
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
        let parts = in_portions(x.clone(), 3, |x| encoder.forward(x));
        assert!(close(&host(parts), &host(encoder.forward(x))));
        let parts = in_portions(z.clone(), 3, |z| decoder.forward(z));
        assert!(close(&host(parts), &host(decoder.forward(z))));
    }
}
