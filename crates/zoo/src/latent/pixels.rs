//! Distribution of the pixels of an image given its latent: independent, from one of three families.

use burn::module::{Module, Param};
use burn::prelude::*;
use burn::tensor::activation::{log_softmax, softplus};
use data::{DataShape, Noise, Split};
use engine::Family;
use protocol::Support;

use super::likelihood::{Likelihood, LikelihoodSettings, Variance};
use crate::bernoulli::{self, BernoulliLogits};

const HALF_LN_TAU: f64 = 0.918_938_533_204_672_8;
/// Bounds of a learned ln sigma. Without them the likelihood grows without limit on pixels that never change.
const LOG_SD: (f64, f64) = (-6.0, 6.0);

/// Output layer of a decoder: the parameters of the family that do not depend on the latent, and the layout of the
/// parameters that do.
#[derive(Module, Debug)]
pub(crate) struct Output {
    /// Learned ln sigma, `[1]`, if the standard deviation is shared.
    log_sd: Option<Param<Tensor<1>>>,
    #[module(skip)]
    family: Likelihood,
    #[module(skip)]
    per_pixel: bool,
    #[module(skip)]
    sigma: f64,
    #[module(skip)]
    levels: u16,
    #[module(skip)]
    image_len: usize,
}

impl Output {
    pub(crate) fn new(settings: LikelihoodSettings, data: &DataShape, device: &Device) -> Self {
        let gaussian = settings.decoder == Likelihood::Gaussian;
        let shared = gaussian && settings.variance == Variance::Shared;
        let start = settings.sigma.ln() as f32;
        Self {
            log_sd: shared.then(|| Param::from_tensor(Tensor::from_floats([start], device))),
            family: settings.decoder,
            per_pixel: gaussian && settings.variance == Variance::PerPixel,
            sigma: settings.sigma,
            levels: if let Support::Levels(levels) = data.support { levels } else { 0 },
            image_len: data.pixels(),
        }
    }

    /// Number of parameters per pixel that the network must return.
    pub(crate) fn width(&self) -> usize {
        match self.family {
            Likelihood::Categorical => usize::from(self.levels),
            _ if self.per_pixel => 2,
            _ => 1,
        }
    }

    /// Support of the pixels.
    pub(crate) fn support(&self) -> Support {
        match self.family {
            Likelihood::Bernoulli => Support::Binary,
            Likelihood::Categorical => Support::Levels(self.levels),
            Likelihood::Gaussian => Support::Real,
        }
    }

    /// Returns the distribution for the output of the network, `[batch, width * pixels]`: the first parameter of all
    /// pixels, then the second, as in the channels of a convolution.
    pub(crate) fn pixels(&self, numbers: Tensor<2>) -> Pixels {
        let [batch, _] = numbers.dims();
        match self.family {
            Likelihood::Bernoulli => Pixels::Bernoulli(BernoulliLogits(numbers)),
            Likelihood::Categorical => {
                let logits = numbers.reshape([batch, usize::from(self.levels), self.image_len]);
                Pixels::Categorical { log_p: log_softmax(logits, 1), levels: self.levels }
            }
            Likelihood::Gaussian => {
                let mean = numbers.clone().slice([0..batch, 0..self.image_len]);
                let log_sd = match &self.log_sd {
                    Some(shared) => shared.val().clamp(LOG_SD.0, LOG_SD.1).unsqueeze(),
                    None if self.per_pixel => {
                        numbers.slice([0..batch, self.image_len..2 * self.image_len]).clamp(LOG_SD.0, LOG_SD.1)
                    }
                    None => Tensor::full([1, 1], self.sigma.ln(), &mean.device()),
                };
                Pixels::Gaussian { log_sd: log_sd.expand([batch, self.image_len]), mean }
            }
        }
    }
}

/// Distribution of independent pixels of images given their latents.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "handles of tensors, moved once per batch")]
pub(crate) enum Pixels {
    /// Log-odds, `[batch, pixels]`.
    Bernoulli(BernoulliLogits),
    /// Log-probabilities, `[batch, levels, pixels]`.
    Categorical { log_p: Tensor<3>, levels: u16 },
    /// Mean and log standard deviation, `[batch, pixels]` each.
    Gaussian { mean: Tensor<2>, log_sd: Tensor<2> },
}

impl Pixels {
    /// log p(x|z) of each image in nats, `[batch]`.
    pub(crate) fn log_prob(self, x: Tensor<2>) -> Tensor<1> {
        let terms = match self {
            Self::Bernoulli(logits) => return logits.log_prob(x),
            Self::Categorical { log_p, levels } => {
                let [batch, pixels] = x.dims();
                let level = (x * f32::from(levels - 1)).round().int();
                log_p.gather(1, level.unsqueeze_dim::<3>(1)).reshape([batch, pixels])
            }
            Self::Gaussian { mean, log_sd } => {
                let z = (x - mean) * log_sd.clone().neg().exp();
                (z.powi_scalar(2) * 0.5 + log_sd + HALF_LN_TAU).neg()
            }
        };
        terms.sum_dim(1).squeeze_dim(1)
    }

    /// log p(x|z) of every image `x`, `[images, pixels]`, given each of these latents, `[images, latents]`.
    pub(crate) fn log_prob_pairs(self, x: Tensor<2>) -> Tensor<2> {
        let [images, pixels] = x.dims();
        match self {
            Self::Bernoulli(BernoulliLogits(logits)) => {
                let volume: Tensor<2> = softplus(logits.clone(), 1.0).sum_dim(1);
                x.matmul(logits.transpose()) - volume.transpose()
            }
            Self::Categorical { log_p, levels } => {
                let [latents, count, _] = log_p.dims();
                let all: Vec<f32> = (0..levels).map(f32::from).collect();
                let all = Tensor::<1>::from_floats(all.as_slice(), &x.device()).reshape([1, count, 1]);
                let level = (x * f32::from(levels - 1)).unsqueeze_dim::<3>(1);
                let is_level = (level - all).abs().lower_elem(0.5).float();
                let flat = |values: Tensor<3>, rows: usize| values.reshape([rows, count * pixels]);
                flat(is_level, images).matmul(flat(log_p, latents).transpose())
            }
            // The square is not expanded into products, which would lose digits for a small sigma.
            Self::Gaussian { mean, log_sd } => {
                let [latents, _] = mean.dims();
                let rows = (0..images).map(|image| {
                    let x = x.clone().narrow(0, image, 1).expand([latents, pixels]);
                    let these = Self::Gaussian { mean: mean.clone(), log_sd: log_sd.clone() };
                    these.log_prob(x).unsqueeze::<2>()
                });
                Tensor::cat(rows.collect(), 0)
            }
        }
    }

    /// Draws images.
    pub(crate) fn sample(self, image_len: usize, noise: &mut Noise) -> Split {
        let (family, numbers) = match self {
            Self::Bernoulli(logits) => return bernoulli::sample(&logits.read(), image_len, noise),
            Self::Categorical { log_p, levels } => (Family::Categorical(levels), host(log_p.swap_dims(1, 2))),
            Self::Gaussian { mean, log_sd } => {
                let weight = mean.zeros_like();
                (Family::Gaussians(1), host(Tensor::stack::<3>(vec![weight, mean, log_sd], 2)))
            }
        };
        let uniforms = noise.uniforms(numbers.len() / family.width());
        let of_pixel = numbers.chunks_exact(family.width()).zip(uniforms);
        let pixels = of_pixel.map(|(numbers, uniform)| family.draw(numbers, uniform)).collect();
        Split::new(pixels, image_len)
    }

    /// Means of the pixels on the host, for pictures.
    pub(crate) fn means(self, image_len: usize) -> Split {
        let pixels = match self {
            Self::Bernoulli(logits) => return bernoulli::means(&logits.read(), image_len),
            Self::Categorical { log_p, levels } => host(log_p.swap_dims(1, 2).exp())
                .chunks_exact(usize::from(levels))
                .map(|p| p.iter().enumerate().map(|(level, p)| level as f32 * p).sum::<f32>() / f32::from(levels - 1))
                .collect(),
            Self::Gaussian { mean, .. } => host(mean),
        };
        Split::new(pixels, image_len)
    }
}

fn host<const D: usize>(values: Tensor<D>) -> Vec<f32> {
    ::nn::to_host(values)
}

#[cfg(test)]
mod tests;
