//! Capabilities of a trained adversarial autoencoder. It has a likelihood given the latent and no bound on its density:
//! the adversarial game matches the aggregate posterior to the prior without one.

use ::nn::upload;
use burn::prelude::*;
use data::{Noise, Split};
use engine::{Encoder, Features, GenerativeModel, LatentPrior, Sampler, StochasticDecoder};
use protocol::Support;

use super::network::Autoencoder;
use crate::latent::{LikelihoodDecoder, NetworkDecoder, Output, Pixels};
use crate::pushforward::NoiseDecoder;

impl GenerativeModel for Autoencoder {
    fn parameters(&self) -> u64 {
        ::nn::parameter_count(self)
    }

    fn sampler(&self) -> Option<&dyn Sampler> {
        Some(self)
    }

    fn encoder(&self) -> Option<&dyn Encoder> {
        Some(self)
    }

    fn latent_prior(&self) -> Option<&dyn LatentPrior> {
        Some(self)
    }

    fn stochastic_decoder(&self) -> Option<Box<dyn StochasticDecoder + '_>> {
        NetworkDecoder::boxed(self)
    }
}

impl NoiseDecoder for Autoencoder {
    fn dims(&self) -> usize {
        self.prior.noise_dims()
    }

    fn codes(&self) -> usize {
        self.prior.codes()
    }

    fn weights_device(&self) -> Device {
        self.device.clone()
    }
}

impl LikelihoodDecoder for Autoencoder {
    fn pixels(&self, code: usize, eps: Tensor<2>) -> Pixels {
        self.decode(self.prior.of_noise(code, eps))
    }

    fn output(&self) -> &Output {
        &self.output
    }

    fn image_len(&self) -> usize {
        self.image_len
    }
}

impl Sampler for Autoencoder {
    fn support(&self) -> Support {
        self.output.support()
    }

    fn sample(&self, count: usize, noise: &mut Noise) -> Split {
        let z = self.prior_draws(count, noise, &self.device);
        self.decode(z).sample(self.image_len, noise)
    }

    fn picture(&self, count: usize, noise: &mut Noise) -> Split {
        self.decode(self.prior_draws(count, noise, &self.device)).means(self.image_len)
    }
}

impl Encoder for Autoencoder {
    fn encode(&self, images: &Split) -> Features {
        self.latents(upload(images, &self.device)).into()
    }
}

impl LatentPrior for Autoencoder {
    fn encoded(&self, images: &Split, _noise: &mut Noise) -> Features {
        self.encode(images)
    }

    fn prior(&self, count: usize, noise: &mut Noise) -> Features {
        self.prior_draws(count, noise, &self.device).into()
    }
}
