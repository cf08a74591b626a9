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
    fn encoded(&self, images: &Split, noise: &mut Noise) -> Features {
        let mut latents = self.encode(images);
        let (width, categories) = (latents.width, self.prior.categories());
        if categories > 0 {
            latents.values.chunks_mut(width).for_each(|latent| draw_category(&mut latent[..categories], noise));
        }
        latents
    }

    fn prior(&self, count: usize, noise: &mut Noise) -> Features {
        self.prior_draws(count, noise, &self.device).into()
    }
}

/// Replaces the probabilities of a category by a draw, as a one-hot vector.
fn draw_category(probabilities: &mut [f64], noise: &mut Noise) {
    let mut left = noise.uniform() * probabilities.iter().sum::<f64>();
    let last = probabilities.len() - 1;
    let drawn = probabilities.iter().position(|probability| {
        left -= probability;
        left < 0.0
    });
    probabilities.fill(0.0);
    probabilities[drawn.unwrap_or(last)] = 1.0;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_category_is_drawn_with_its_probability() {
        let mut noise = Noise::new(0, "test", 0);
        let mut counts = [0.0; 3];
        for _ in 0..10_000 {
            let mut category = [0.2, 0.0, 0.8];
            draw_category(&mut category, &mut noise);
            assert_eq!(category.iter().sum::<f64>(), 1.0);
            counts.iter_mut().zip(category).for_each(|(count, one)| *count += one);
        }
        assert!((counts[0] - 2_000.0f64).abs() < 200.0 && counts[1] == 0.0, "{counts:?}");
    }
}
