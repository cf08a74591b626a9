//! Variational autoencoder with one latent number: linear encoder, logistic decoder.
//!
//! Kingma and Welling, 2014, Auto-Encoding Variational Bayes, section 2.3, with one standard deviation of q for
//! all images.

use burn::prelude::Device;
use data::{DataShape, Noise, Split};
use engine::{
    DensityBound, Elbo, Encoder, Features, GenerativeModel, LatentVariable, ModelConfig, Posteriors, Pushforward,
    Sampler, StochasticDecoder, Trainer, log_sum_exp,
};
use protocol::{Optim, Problem, Support};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::descent::{Descent, DescentTrainer};
use super::{log_bernoulli, sigmoid};

/// Settings of the autoencoder.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Latent {
    /// Learning rate of Adam.
    pub lr: f64,
}

impl Default for Latent {
    fn default() -> Self {
        Self { lr: 0.05 }
    }
}

impl ModelConfig for Latent {
    const NAME: &'static str = "laws_latent";
    const ABOUT: &'static str = "Variational autoencoder with one latent number.";

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        super::check_binary(data)?;
        super::check_lr(self.lr)
    }

    fn check_optim(&self, optim: &Optim) -> Result<(), Problem> {
        super::own_adam(optim)
    }

    fn tiny() -> Vec<Self> {
        vec![Self::default()]
    }

    fn build(&self, data: &DataShape, seed: u64, _device: &Device) -> Box<dyn Trainer> {
        let normals = Noise::new(seed, "laws_latent/weights", 0).normals(3 * data.pixels() + 2);
        let weights = normals.into_iter().map(|normal| 0.5 * f64::from(normal)).collect();
        Box::new(DescentTrainer::new(Network { pixels: data.pixels(), weights }, self.lr))
    }
}

/// Weights of the encoder and of the decoder, the decoder's biases, the encoder's bias, log sigma of q.
#[derive(Clone)]
struct Network {
    pixels: usize,
    weights: Vec<f64>,
}

impl Network {
    fn part(&self, index: usize) -> &[f64] {
        &self.weights[index * self.pixels..][..self.pixels]
    }

    fn log_sigma(&self) -> f64 {
        self.weights[3 * self.pixels + 1]
    }

    fn mean(&self, image: &[f32]) -> f64 {
        let terms = self.part(0).iter().zip(image).map(|(weight, pixel)| weight * f64::from(*pixel));
        self.weights[3 * self.pixels] + terms.sum::<f64>()
    }

    fn log_odds(&self, z: f64) -> impl Iterator<Item = f64> + '_ {
        self.part(1).iter().zip(self.part(2)).map(move |(weight, bias)| weight * z + bias)
    }

    fn log_likelihood_of(&self, image: &[f32], z: f64) -> f64 {
        self.log_odds(z).zip(image).map(|(odds, pixel)| log_bernoulli(odds, *pixel)).sum()
    }

    fn kl(&self, mean: f64) -> f64 {
        let log_sigma = self.log_sigma();
        0.5 * (mean * mean + (2.0 * log_sigma).exp() - 1.0) - log_sigma
    }
}

impl Descent for Network {
    fn weights(&self) -> &Vec<f64> {
        &self.weights
    }

    fn weights_mut(&mut self) -> &mut Vec<f64> {
        &mut self.weights
    }

    /// Mean negative ELBO in nats with one draw of z, and its gradient.
    fn gradient(&self, images: &Split, noise: &mut Noise) -> (f64, Vec<f64>) {
        let (pixels, share) = (self.pixels, 1.0 / images.len() as f64);
        let (mut loss, mut gradient) = (0.0, vec![0.0; self.weights.len()]);
        let sigma = self.log_sigma().exp();
        for image in images.images() {
            let (mean, eps) = (self.mean(image), noise.normal());
            let z = mean + sigma * eps;
            loss += share * (self.kl(mean) - self.log_likelihood_of(image, z));
            let mut by_z = 0.0;
            for (pixel, odds) in self.log_odds(z).enumerate() {
                let error = share * (sigmoid(odds) - f64::from(image[pixel]));
                gradient[pixels + pixel] += error * z;
                gradient[2 * pixels + pixel] += error;
                by_z += error * self.part(1)[pixel];
            }
            let by_mean = by_z + share * mean;
            for (derivative, pixel) in gradient.iter_mut().zip(image) {
                *derivative += by_mean * f64::from(*pixel);
            }
            gradient[3 * pixels] += by_mean;
            gradient[3 * pixels + 1] += by_z * sigma * eps + share * (sigma * sigma - 1.0);
        }
        (loss, gradient)
    }
}

impl GenerativeModel for Network {
    fn parameters(&self) -> u64 {
        self.weights.len() as u64
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

    fn latent_variable(&self) -> Option<&dyn LatentVariable> {
        Some(self)
    }

    fn stochastic_decoder(&self) -> Option<Box<dyn StochasticDecoder + '_>> {
        Some(Box::new(Means(self)))
    }

    /// The means of the decoder, so that the law of pushforwards has a model without Burn.
    fn pushforward(&self) -> Option<Box<dyn Pushforward + '_>> {
        Some(Box::new(Means(self)))
    }
}

impl Sampler for Network {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn sample(&self, count: usize, noise: &mut Noise) -> Split {
        let mut pixels = Vec::with_capacity(count * self.pixels);
        for _ in 0..count {
            let z = noise.normal();
            pixels.extend(self.log_odds(z).map(|odds| f32::from(u8::from(noise.bernoulli(sigmoid(odds))))));
        }
        Split::new(pixels, self.pixels)
    }
}

impl DensityBound for Network {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn elbo(&self, images: &Split, noise: &mut Noise) -> Vec<Elbo> {
        let of_image = |image: &[f32]| {
            let mean = self.mean(image);
            let z = mean + self.log_sigma().exp() * noise.normal();
            Elbo { reconstruction: self.log_likelihood_of(image, z), kl: self.kl(mean) }
        };
        images.images().map(of_image).collect()
    }

    fn iwae(&self, images: &Split, k: usize, noise: &mut Noise) -> Vec<f64> {
        let of_image = |image: &[f32]| {
            let (mean, log_sigma) = (self.mean(image), self.log_sigma());
            let weight = |eps: f64| {
                let z = mean + log_sigma.exp() * eps;
                self.log_likelihood_of(image, z) - 0.5 * z * z + 0.5 * eps * eps + log_sigma
            };
            let weights: Vec<f64> = (0..k).map(|_| weight(noise.normal())).collect();
            log_sum_exp(weights.iter().copied()) - (k as f64).ln()
        };
        images.images().map(of_image).collect()
    }
}

impl Encoder for Network {
    fn encode(&self, images: &Split) -> Features {
        Features { values: images.images().map(|image| self.mean(image)).collect(), width: 1 }
    }
}

impl LatentVariable for Network {
    fn latent(&self) -> usize {
        1
    }

    fn posteriors(&self, images: &Split) -> Posteriors {
        let log_variances = Features { values: vec![2.0 * self.log_sigma(); images.len()], width: 1 };
        Posteriors { means: self.encode(images), log_variances }
    }

    fn log_likelihood(&self, images: &Split, latents: &Features) -> Vec<Vec<f64>> {
        let of_image = |image: &[f32]| latents.values.iter().map(|z| self.log_likelihood_of(image, *z)).collect();
        images.images().map(of_image).collect()
    }
}

/// Means of the decoder as a function of z.
struct Means<'a>(&'a Network);

impl Pushforward for Means<'_> {
    fn dims(&self) -> usize {
        1
    }

    fn decode(&self, _code: usize, eps: &[f32]) -> Vec<f32> {
        eps.iter().flat_map(|z| self.0.log_odds(f64::from(*z)).map(|odds| sigmoid(odds) as f32)).collect()
    }

    fn pull(&self, code: usize, eps: &[f32], slopes: &mut dyn FnMut(&[f32]) -> Vec<f32>) -> Vec<f32> {
        let images = self.decode(code, eps);
        let slopes = slopes(&images);
        let rows = images.chunks_exact(self.0.pixels).zip(slopes.chunks_exact(self.0.pixels));
        let by_z = |(image, slopes): (&[f32], &[f32])| -> f64 {
            let terms = image.iter().zip(slopes).zip(self.0.part(1));
            terms.map(|((p, slope), weight)| f64::from(slope * p * (1.0 - p)) * weight).sum()
        };
        rows.map(|row| by_z(row) as f32).collect()
    }
}

impl StochasticDecoder for Means<'_> {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn dims(&self) -> usize {
        1
    }

    fn log_likelihood(&self, _code: usize, eps: &[f32], images: &Split) -> (Vec<f64>, Vec<f32>) {
        let of_row = |(z, image): (&f32, &[f32])| {
            let z = f64::from(*z);
            let odds = self.0.log_odds(z).zip(image).zip(self.0.part(1));
            let by_z = odds.map(|((odds, pixel), weight)| (f64::from(*pixel) - sigmoid(odds)) * weight).sum::<f64>();
            (self.0.log_likelihood_of(image, z), by_z as f32)
        };
        eps.iter().zip(images.images()).map(of_row).unzip()
    }

    fn draw(&self, code: usize, eps: &[f32], noise: &mut Noise) -> Split {
        let means = self.decode(code, eps).into_iter();
        let pixels = means.map(|p| f32::from(u8::from(noise.bernoulli(f64::from(p))))).collect();
        Split::new(pixels, self.0.pixels)
    }
}

#[cfg(test)]
mod tests {
    use super::super::descent::tests::check_gradient;
    use super::*;

    #[test]
    fn the_gradient_is_that_of_the_loss() {
        let weights = Noise::new(1, "test", 0).normals(20).into_iter().map(f64::from).collect();
        check_gradient(&Network { pixels: 6, weights }, &crate::data::binary().test.take(8));
    }
}
