//! Capabilities of a generator: samples, and images as a function of Gaussian noise.

use burn::prelude::*;
use data::{Noise, Split};
use engine::{GenerativeModel, Pushforward, Sampler};
use protocol::Support;

use super::pair::Generate;
use crate::pushforward::{NetworkPushforward, NoiseDecoder, NoiseGenerator};

/// Trained generator.
pub(crate) struct Generated<G>(pub(crate) G);

impl<G: Generate> GenerativeModel for Generated<G> {
    fn parameters(&self) -> u64 {
        ::nn::parameter_count(&self.0)
    }

    fn sampler(&self) -> Option<&dyn Sampler> {
        Some(self)
    }

    fn pushforward(&self) -> Option<Box<dyn Pushforward + '_>> {
        NetworkPushforward::boxed(&self.0)
    }
}

impl<G: Generate> Sampler for Generated<G> {
    /// Continuous for all data: the images are scored as the generator returns them.
    fn support(&self) -> Support {
        Support::Continuous
    }

    fn sample(&self, count: usize, noise: &mut Noise) -> Split {
        let (generator, image_len) = (&self.0, self.0.image_len());
        let mut pixels = Vec::with_capacity(count * image_len);
        for first in (0..count).step_by(generator.images_at_once()) {
            let z = generator.latents(generator.images_at_once().min(count - first), noise, &generator.device());
            pixels.extend(::nn::to_host(generator.forward(z)));
        }
        Split::new(pixels, image_len)
    }
}

impl<G: Generate> NoiseDecoder for G {
    fn dims(&self) -> usize {
        self.latent()
    }

    fn weights_device(&self) -> Device {
        self.device()
    }

    fn with_autodiff(&self) -> Self {
        self.clone().train().no_grad().fixed()
    }
}

impl<G: Generate> NoiseGenerator for G {
    fn image(&self, _code: usize, eps: Tensor<2>) -> Tensor<2> {
        self.forward(eps)
    }
}
