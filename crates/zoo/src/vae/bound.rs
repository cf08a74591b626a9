//! Reported bounds, independent of the training loss: the ELBO and the importance-weighted bound.

use ::nn::upload;
use burn::prelude::*;
use data::{Noise, Split};
use engine::{DensityBound, Elbo, log_sum_exp};
use protocol::Support;

use super::network::Vae;

/// Number of rows per chunk of an evaluation: images times importance draws.
const ROWS: usize = 2_000;

impl DensityBound for Vae {
    fn support(&self) -> Support {
        self.support()
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
        // Draws are made in chunks that fit the memory; their weights are summed in f64.
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
    /// log p(x|z) + log p(z) - log q(z|x) with one draw of z per row, `[rows]`.
    fn log_weights(&self, x: Tensor<2>, noise: &mut Noise) -> Tensor<1> {
        let posterior = self.posterior(x.clone());
        let eps = self.eps(x.dims()[0], noise, &self.device);
        let z = posterior.draw(eps.clone());
        let prior_less_posterior = posterior.prior_less_posterior(z.clone(), eps);
        self.decode(z).log_prob(x) + prior_less_posterior
    }
}

fn read(values: Tensor<1>) -> impl Iterator<Item = f64> {
    values.into_data().iter::<f32>().map(f64::from).collect::<Vec<_>>().into_iter()
}

/// Logarithm of the mean of exponentials, without overflow.
fn log_mean_exp(values: &[f64]) -> f64 {
    log_sum_exp(values.iter().copied()) - (values.len() as f64).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_mean_exp_neither_overflows_nor_underflows() {
        assert!((log_mean_exp(&[-1e4, -1e4]) + 1e4).abs() < 1e-9);
        assert!((log_mean_exp(&[0.0, 2f64.ln()]) - 1.5f64.ln()).abs() < 1e-12);
    }
}
