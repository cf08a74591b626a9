//! Encoder, decoder, and discriminator of latents.

use ::nn::{Activation, Dense, centred};
use burn::module::Module;
use burn::prelude::*;
use burn::tensor::activation::softmax;
use data::{DataShape, Noise};
use protocol::Support;

use super::config::AaeConfig;
use super::prior::Prior;
use crate::latent::{Decoder, Encoder, Output, Pixels};

#[derive(Module, Debug)]
pub(crate) struct Autoencoder {
    pub(super) encoder: Encoder,
    code: Dense,
    decoder: Decoder,
    pub(super) output: Output,
    #[module(skip)]
    pub(super) prior: Prior,
    #[module(skip)]
    pub(super) image_len: usize,
    /// `true` if pixels lie in `[0, 1]` and are centred.
    #[module(skip)]
    bounded: bool,
    #[module(skip)]
    pub(super) device: Device,
}

impl Autoencoder {
    pub(super) fn new(config: &AaeConfig, data: &DataShape, noise: &mut Noise, device: &Device) -> Self {
        let (settings, prior) = (config.network_settings(), config.prior());
        let output = Output::new(config.likelihood(), data, device);
        let (encoder, features) = Encoder::new(settings, data, noise, device);
        let code = Dense::new(features, config.latent, noise, device);
        let decoder = Decoder::new(settings, config.latent, output.width(), data, noise, device);
        let (image_len, bounded) = (data.pixels(), data.support != Support::Real);
        Self { encoder, code, decoder, output, prior, image_len, bounded, device: device.clone().inner() }
    }

    /// Latent of each image, `[batch, latent]`; categories are probabilities. Bounded pixels are centred.
    pub(super) fn latents(&self, x: Tensor<2>) -> Tensor<2> {
        let x = if self.bounded { centred(x) } else { x };
        let code = self.code.forward(self.encoder.forward(x));
        let ([batch, latent], categories) = (code.dims(), self.prior.categories());
        if categories == 0 {
            return code;
        }
        let category = softmax(code.clone().slice([0..batch, 0..categories]), 1);
        Tensor::cat(vec![category, code.slice([0..batch, categories..latent])], 1)
    }

    pub(super) fn decode(&self, z: Tensor<2>) -> Pixels {
        self.output.pixels(self.decoder.forward(z))
    }

    /// Draws from the prior, `[count, latent]`.
    pub(super) fn prior_draws(&self, count: usize, noise: &mut Noise, device: &Device) -> Tensor<2> {
        Tensor::from_data(TensorData::new(self.prior.draw(count, noise), [count, self.prior.latent]), device)
    }
}

#[derive(Module, Debug)]
pub(crate) struct Discriminator {
    layers: Vec<Dense>,
    score: Dense,
}

impl Discriminator {
    pub(super) fn new(config: &AaeConfig, noise: &mut Noise, device: &Device) -> Self {
        let width = |layer: usize| if layer == 0 { config.latent } else { config.hidden };
        Self {
            layers: (0..config.layers).map(|layer| Dense::new(width(layer), config.hidden, noise, device)).collect(),
            score: Dense::new(config.hidden, 1, noise, device),
        }
    }

    /// Log-odds of being drawn from the prior, `[batch, 1]`.
    pub(super) fn forward(&self, z: Tensor<2>) -> Tensor<2> {
        self.score.forward(self.layers.iter().fold(z, |z, layer| layer.forward_then(z, Activation::Leaky(0.2))))
    }
}

#[cfg(test)]
mod tests {
    use engine::ModelConfig;

    use super::*;
    use crate::test_shape::{centres_pixels, shape};

    #[test]
    fn the_encoder_sees_centred_pixels_unless_they_are_real() {
        let config = AaeConfig::tiny().swap_remove(0);
        let centres = |config: &AaeConfig, support| {
            let data = DataShape { support, ..shape(1, 8, 8) };
            let autoencoder = Autoencoder::new(config, &data, &mut Noise::new(0, "test", 0), &Device::flex());
            centres_pixels(|x| autoencoder.latents(x), &data)
        };
        assert!(centres(&config, Support::Binary));
        let decoder = crate::latent::Likelihood::Gaussian;
        assert!(!centres(&AaeConfig { decoder, ..config }, Support::Real));
    }
}
