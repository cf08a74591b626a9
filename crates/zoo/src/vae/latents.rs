//! Capabilities of a trained VAE besides its bounds: samples, posteriors, latents.

use ::nn::upload;
use burn::prelude::*;
use data::{Noise, Split};
use engine::{
    DensityBound, Encoder, Features, GenerativeModel, LatentPrior, LatentVariable, Posteriors, Sampler,
    StochasticDecoder,
};
use protocol::Support;

use super::network::Vae;
use crate::latent::{LikelihoodDecoder, NetworkDecoder, Output, Pixels};
use crate::pushforward::NoiseDecoder;

/// Number of latents per chunk of the evaluation of all pairs of images and latents.
const LATENTS: usize = 2_000;

impl GenerativeModel for Vae {
    fn parameters(&self) -> u64 {
        ::nn::parameter_count(self)
    }

    fn sampler(&self) -> Option<&dyn Sampler> {
        Some(self)
    }

    fn bound(&self) -> Option<&dyn DensityBound> {
        Some(self)
    }

    fn encoder(&self) -> Option<&dyn Encoder> {
        Some(self)
    }

    fn latent_prior(&self) -> Option<&dyn LatentPrior> {
        Some(self)
    }

    fn latent_variable(&self) -> Option<&dyn LatentVariable> {
        Some(self)
    }

    fn stochastic_decoder(&self) -> Option<Box<dyn StochasticDecoder + '_>> {
        NetworkDecoder::boxed(self)
    }
}

impl NoiseDecoder for Vae {
    fn dims(&self) -> usize {
        self.latent
    }

    fn weights_device(&self) -> Device {
        self.device.clone()
    }
}

impl LikelihoodDecoder for Vae {
    fn pixels(&self, _code: usize, eps: Tensor<2>) -> Pixels {
        self.decode(eps)
    }

    fn output(&self) -> &Output {
        &self.output
    }

    fn image_len(&self) -> usize {
        self.image_len
    }
}

impl Encoder for Vae {
    /// Returns the mean of q(z|x).
    fn encode(&self, images: &Split) -> Features {
        self.posterior(upload(images, &self.device)).mean.into()
    }
}

impl Sampler for Vae {
    fn support(&self) -> Support {
        self.support()
    }

    fn sample(&self, count: usize, noise: &mut Noise) -> Split {
        let z = self.eps(count, noise, &self.device);
        self.decode(z).sample(self.image_len, noise)
    }

    fn picture(&self, count: usize, noise: &mut Noise) -> Split {
        self.decode(self.eps(count, noise, &self.device)).means(self.image_len)
    }
}

impl LatentPrior for Vae {
    /// Draws once from q(z|x) per image. Together these are draws from the aggregate posterior.
    fn encoded(&self, images: &Split, noise: &mut Noise) -> Features {
        let posterior = self.posterior(upload(images, &self.device));
        posterior.draw(self.eps(images.len(), noise, &self.device)).into()
    }

    fn prior(&self, count: usize, noise: &mut Noise) -> Features {
        self.eps(count, noise, &self.device).into()
    }
}

impl LatentVariable for Vae {
    fn latent(&self) -> usize {
        self.latent
    }

    fn posteriors(&self, images: &Split) -> Posteriors {
        let posterior = self.posterior(upload(images, &self.device));
        Posteriors { means: posterior.mean.into(), log_variances: posterior.log_variance.into() }
    }

    fn log_likelihood(&self, images: &Split, latents: &Features) -> Vec<Vec<f64>> {
        let x = upload(images, &self.device);
        let mut rows = vec![Vec::new(); images.len()];
        for chunk in latents.values.chunks(LATENTS * self.latent) {
            let z: Vec<f32> = chunk.iter().map(|value| *value as f32).collect();
            let count = z.len() / self.latent;
            let z = Tensor::from_data(TensorData::new(z, [count, self.latent]), &self.device);
            let pairs: Vec<f64> =
                self.decode(z).log_prob_pairs(x.clone()).into_data().iter::<f32>().map(f64::from).collect();
            for (row, values) in rows.iter_mut().zip(pairs.chunks_exact(count)) {
                row.extend_from_slice(values);
            }
        }
        rows
    }
}
