//! Capabilities of a trained adversarial autoencoder. It has no density: the adversarial game matches the aggregate
//! posterior to the prior without a bound.

use ::nn::upload;
use burn::prelude::*;
use data::{Noise, Split};
use engine::{Encoder, Features, GenerativeModel, LatentPrior, Pushforward, Sampler};
use protocol::Support;

use super::network::Autoencoder;
use crate::pushforward::{Pushed, Smooth};

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

    fn pushforward(&self) -> Option<Box<dyn Pushforward + '_>> {
        if matches!(self.output.support(), Support::Levels(_)) { None } else { Pushed::boxed(self) }
    }
}

impl Smooth for Autoencoder {
    fn dims(&self) -> usize {
        self.prior.noise_dims()
    }

    fn codes(&self) -> usize {
        self.prior.codes()
    }

    fn image(&self, code: usize, eps: Tensor<2>) -> Tensor<2> {
        self.decode(self.prior.of_noise(code, eps)).mean().expect("grey levels have no pushforward")
    }

    fn home(&self) -> Device {
        self.device.clone()
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
