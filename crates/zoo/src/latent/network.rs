//! Encoders and decoders: perceptrons, or convolutions between an image and a small grid.

use ::nn::{Dense, Halvings};
use burn::module::Module;
use burn::prelude::*;
use data::{DataShape, Noise};
use protocol::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Perceptron;
use super::convolutions::{Convolutions, Deconvolutions};
use protocol::check::positive;

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
                let (encoder, features) =
                    Perceptron::new(data.pixels(), settings.hidden, settings.layers, noise, device);
                (Self::Mlp(encoder), features)
            }
            Network::Conv => {
                let (encoder, features) = Convolutions::new(settings.channels, data, noise, device);
                (Self::Conv(encoder), features)
            }
        }
    }

    /// Computes features, `[batch, pixels]` to `[batch, features]`.
    pub(crate) fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Mlp(encoder) => encoder.forward(x),
            Self::Conv(encoder) => encoder.forward_in_chunks(x),
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
            Self::Conv(decoder) => decoder.forward_in_chunks(z),
        }
    }
}

/// Perceptron of a decoder and its last layer.
#[derive(Module, Debug)]
pub(crate) struct Perceptrons {
    hidden: Perceptron,
    pixels: Dense,
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

    #[test]
    fn the_decoder_returns_the_size_of_the_image() {
        let (device, mut noise) = (Device::flex(), Noise::new(0, "network", 0));
        let data = shape(16, 8);
        let (encoder, features) = Encoder::new(settings(Network::Conv), &data, &mut noise, &device);
        let decoder = Decoder::new(settings(Network::Conv), 2, 5, &data, &mut noise, &device);
        let x = Tensor::from_data(TensorData::new(noise.normals(7 * data.pixels()), [7, data.pixels()]), &device);
        let z = Tensor::from_data(TensorData::new(noise.normals(14), [7, 2]), &device);
        assert_eq!(encoder.forward(x).dims(), [7, features]);
        assert_eq!(decoder.forward(z).dims(), [7, 5 * data.pixels()]);
    }
}
