//! The variational auto-encoder with a Bernoulli decoder.
//!
//! log p(x) >= E_q[log p(x|z)] - KL(q(z|x) || N(0, I)), q a diagonal Gaussian with the
//! reparameterisation z = mu + sigma eps.
//!
//! Kingma and Welling, 2014, Auto-Encoding Variational Bayes, eq. 3, 10 and appendix B; the
//! importance-weighted bound from Burda, Grosse and Salakhutdinov, 2016, eq. 8.
//!
//! # Departures from the paper
//! ReLU instead of tanh; Adam instead of Adagrad.

use burn::module::Module;
use burn::optim::AdamConfig;
use burn::prelude::*;
use burn::tensor::activation::relu;
use data::{DataShape, Noise, Split};
use engine::{
    Batch, Dense, DensityBound, Elbo, Encoder, Features, GenerativeModel, Minimise, ModelConfig, Objective, Sampler,
    Scalars, Step, Trainer, upload,
};
use protocol::{Problem, Support};
use serde::{Deserialize, Serialize};

use crate::bernoulli::{self, BernoulliLogits};

/// Rows evaluated at once: images times importance draws.
const ROWS: usize = 2_000;

/// Settings of `vae`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct VaeConfig {
    /// Hidden units of encoder and decoder, one layer each.
    hidden: usize,
    /// Latent dimensions.
    latent: usize,
    /// Learning rate of Adam.
    lr: f64,
}

impl Default for VaeConfig {
    fn default() -> Self {
        Self { hidden: 400, latent: 20, lr: 1e-3 }
    }
}

impl ModelConfig for VaeConfig {
    const NAME: &'static str = "vae";
    const ABOUT: &'static str = "variational auto-encoder with a Bernoulli decoder: a lower bound on the density";

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        bernoulli::check_binary(data)?;
        crate::registry::positive("hidden", self.hidden)?;
        crate::registry::positive("latent", self.latent)?;
        crate::registry::learning_rate("lr", self.lr)
    }

    fn tiny() -> Vec<Self> {
        vec![Self { hidden: 8, latent: 2, lr: 1e-2 }]
    }

    fn build(&self, data: &DataShape, seed: u64, device: &Device) -> Box<dyn Trainer> {
        let adam = AdamConfig::new().with_epsilon(1e-8).init();
        Box::new(Minimise::new(Vae::new(self, data.pixels(), seed, device), adam, self.lr))
    }
}

#[derive(Module, Debug)]
struct Vae {
    encoder: Dense,
    mean: Dense,
    log_variance: Dense,
    decoder: Dense,
    pixels: Dense,
    #[module(skip)]
    latent: usize,
    #[module(skip)]
    image_len: usize,
    #[module(skip)]
    device: Device,
}

/// A small network for the laws on gradients.
#[cfg(test)]
pub(crate) fn network(pixels: usize, device: &Device) -> impl Objective {
    Vae::new(&VaeConfig { hidden: 20, latent: 4, ..VaeConfig::default() }, pixels, 0, device)
}

/// q(z|x): mean and log-variance, `[batch, latent]` each.
struct Posterior {
    mean: Tensor<2>,
    log_variance: Tensor<2>,
}

impl Posterior {
    /// mu + sigma eps.
    fn draw(&self, eps: Tensor<2>) -> Tensor<2> {
        self.mean.clone() + (self.log_variance.clone() * 0.5).exp() * eps
    }

    /// KL(q || N(0, I)) of each image, `[batch]`.
    fn kl(self) -> Tensor<1> {
        let variance = self.log_variance.clone().exp();
        let terms = self.mean.powi_scalar(2) + variance - self.log_variance - 1.0;
        (terms.sum_dim(1) * 0.5).squeeze_dim(1)
    }
}

impl Vae {
    fn new(config: &VaeConfig, image_len: usize, seed: u64, device: &Device) -> Self {
        let mut noise = Noise::new(seed, "vae/weights", 0);
        let mut dense = |inputs, outputs| Dense::new(inputs, outputs, &mut noise, device);
        Self {
            encoder: dense(image_len, config.hidden),
            mean: dense(config.hidden, config.latent),
            log_variance: dense(config.hidden, config.latent),
            decoder: dense(config.latent, config.hidden),
            pixels: dense(config.hidden, image_len),
            latent: config.latent,
            image_len,
            device: device.clone().inner(),
        }
    }

    fn posterior(&self, x: Tensor<2>) -> Posterior {
        let hidden = relu(self.encoder.forward(x));
        Posterior { mean: self.mean.forward(hidden.clone()), log_variance: self.log_variance.forward(hidden) }
    }

    fn decode(&self, z: Tensor<2>) -> BernoulliLogits {
        BernoulliLogits(self.pixels.forward(relu(self.decoder.forward(z))))
    }

    fn eps(&self, rows: usize, noise: &mut Noise, device: &Device) -> Tensor<2> {
        Tensor::from_data(TensorData::new(noise.normals(rows * self.latent), [rows, self.latent]), device)
    }

    /// The two terms of the ELBO of each image, `[batch]` each, with one draw of z.
    fn terms(&self, x: Tensor<2>, eps: Tensor<2>) -> (Tensor<1>, Tensor<1>) {
        let posterior = self.posterior(x.clone());
        let reconstruction = self.decode(posterior.draw(eps)).log_prob(x);
        (reconstruction, posterior.kl())
    }

    /// Log-odds of pixels for latents from the prior.
    fn prior_logits(&self, count: usize, noise: &mut Noise) -> Vec<f32> {
        self.decode(self.eps(count, noise, &self.device)).read()
    }
}

impl Objective for Vae {
    fn loss(&self, batch: &Batch, at: &Step) -> Scalars {
        let eps = self.eps(batch.len(), &mut at.noise("vae/posterior"), &batch.images.device());
        let (reconstruction, kl) = self.terms(batch.images.clone(), eps);
        let (reconstruction, kl) = (reconstruction.mean(), kl.mean());
        let loss = kl.clone() - reconstruction.clone();
        Scalars(vec![("negative_elbo", loss), ("reconstruction", reconstruction), ("kl", kl)])
    }
}

impl GenerativeModel for Vae {
    fn parameters(&self) -> u64 {
        engine::parameter_count(self)
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
}

impl Encoder for Vae {
    /// The mean of q(z|x).
    fn encode(&self, images: &Split) -> Features {
        self.posterior(upload(images, &self.device)).mean.into()
    }
}

impl Sampler for Vae {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn sample(&self, count: usize, noise: &mut Noise) -> Split {
        let logits = self.prior_logits(count, noise);
        bernoulli::sample(&logits, self.image_len, noise)
    }

    fn picture(&self, count: usize, noise: &mut Noise) -> Split {
        bernoulli::means(&self.prior_logits(count, noise), self.image_len)
    }
}

impl DensityBound for Vae {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn elbo(&self, images: &Split, noise: &mut Noise) -> Vec<Elbo> {
        let all: Vec<usize> = (0..images.len()).collect();
        let mut bounds = Vec::with_capacity(images.len());
        for chunk in all.chunks(ROWS) {
            let eps = self.eps(chunk.len(), noise, &self.device);
            let (reconstruction, kl) = self.terms(upload(&images.select(chunk), &self.device), eps);
            bounds.extend(read(reconstruction).zip(read(kl)).map(|(reconstruction, kl)| Elbo { reconstruction, kl }));
        }
        bounds
    }

    fn iwae(&self, images: &Split, k: usize, noise: &mut Noise) -> Vec<f64> {
        // Draws are taken in portions that fit the memory; their weights are summed in f64.
        let portion = k.min(ROWS);
        let all: Vec<usize> = (0..images.len()).collect();
        let mut bounds = Vec::with_capacity(images.len());
        for chunk in all.chunks((ROWS / portion).max(1)) {
            let mut weights = vec![Vec::with_capacity(k); chunk.len()];
            let mut left = k;
            while left > 0 {
                let draws = portion.min(left);
                left -= draws;
                let rows: Vec<usize> = chunk.iter().flat_map(|image| std::iter::repeat_n(*image, draws)).collect();
                let x = upload(&images.select(&rows), &self.device);
                let log_weights: Vec<f64> = read(self.log_weights(x, noise)).collect();
                for (weights, new) in weights.iter_mut().zip(log_weights.chunks_exact(draws)) {
                    weights.extend_from_slice(new);
                }
            }
            bounds.extend(weights.iter().map(|weights| log_mean_exp(weights)));
        }
        bounds
    }
}

impl Vae {
    /// log p(x|z) + log p(z) - log q(z|x) with one draw of z per row, `[rows]`. The normalising
    /// constants of the two Gaussians cancel.
    fn log_weights(&self, x: Tensor<2>, noise: &mut Noise) -> Tensor<1> {
        let posterior = self.posterior(x.clone());
        let eps = self.eps(x.dims()[0], noise, &self.device);
        let z = posterior.draw(eps.clone());
        let prior_less_posterior: Tensor<1> =
            ((eps.powi_scalar(2) + posterior.log_variance - z.clone().powi_scalar(2)).sum_dim(1) * 0.5).squeeze_dim(1);
        self.decode(z).log_prob(x) + prior_less_posterior
    }
}

fn read(values: Tensor<1>) -> impl Iterator<Item = f64> {
    values.into_data().iter::<f32>().map(f64::from).collect::<Vec<_>>().into_iter()
}

/// log of the mean of exponentials, without overflow.
fn log_mean_exp(values: &[f64]) -> f64 {
    let largest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    largest + (values.iter().map(|value| (value - largest).exp()).sum::<f64>() / values.len() as f64).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_of_exponentials_neither_overflows_nor_underflows() {
        assert!((log_mean_exp(&[-1e4, -1e4]) + 1e4).abs() < 1e-9);
        assert!((log_mean_exp(&[0.0, 2f64.ln()]) - 1.5f64.ln()).abs() < 1e-12);
    }
}
