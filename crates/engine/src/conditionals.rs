//! Conditional distributions of an autoregressive model: parameters of pixels, their log-probabilities and draws.

use data::Split;
use protocol::Support;
use rayon::prelude::*;
use statrs::function::erf::erfc_inv;

/// Family of the conditional distribution of a pixel, with the meaning of its parameters ("numbers").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Binary pixel. One number: the log-odds of the value 1.
    Bernoulli,
    /// Pixel with levels. One unnormalised log-probability per level. Level l has the value l / (levels - 1).
    Categorical(u16),
    /// Real-valued pixel with a mixture of K Gaussians (Bishop, 1994). 3 K numbers: K unnormalised log-weights, K
    /// means, K log standard deviations.
    Gaussians(u16),
}

impl Family {
    /// Count of numbers per pixel.
    #[must_use]
    pub fn width(self) -> usize {
        match self {
            Self::Bernoulli => 1,
            Self::Categorical(levels) => usize::from(levels),
            Self::Gaussians(components) => 3 * usize::from(components),
        }
    }

    /// Support of the pixel.
    #[must_use]
    pub fn support(self) -> Support {
        match self {
            Self::Bernoulli => Support::Binary,
            Self::Categorical(levels) => Support::Levels(levels),
            Self::Gaussians(_) => Support::Real,
        }
    }

    /// Log-probability of `value` in nats, for a pixel with parameters `numbers`, in f64.
    #[must_use]
    pub fn log_prob(self, numbers: &[f32], value: f32) -> f64 {
        match self {
            Self::Bernoulli => log_sigmoid(if value > 0.5 { numbers[0] } else { -numbers[0] }),
            Self::Categorical(levels) => {
                let level = (value * f32::from(levels - 1)).round() as usize;
                f64::from(numbers[level]) - log_sum_exp(numbers.iter().map(|logit| f64::from(*logit)))
            }
            Self::Gaussians(components) => {
                let (weights, means, log_sds) = split(numbers, components);
                let terms = weights.iter().zip(means).zip(log_sds).map(|((weight, mean), log_sd)| {
                    let log_sd = f64::from(*log_sd);
                    let z = (f64::from(value) - f64::from(*mean)) * (-log_sd).exp();
                    f64::from(*weight) - 0.5 * z * z - log_sd - HALF_LN_TAU
                });
                log_sum_exp(terms) - log_sum_exp(weights.iter().map(|weight| f64::from(*weight)))
            }
        }
    }

    /// Log-density of an image in nats: the sum of [`Self::log_prob`] over its pixels.
    fn log_density(self, numbers: &[f32], image: &[f32]) -> f64 {
        match self {
            Self::Bernoulli => log_sigmoids(numbers, image),
            _ => numbers.chunks_exact(self.width()).zip(image).map(|(own, value)| self.log_prob(own, *value)).sum(),
        }
    }

    /// Value at which the distribution function reaches `uniform`, from [0, 1).
    ///
    /// Equal uniforms give equal draws. For a mixture, `uniform` first selects the component, then the quantile in it.
    #[must_use]
    pub fn draw(self, numbers: &[f32], uniform: f32) -> f32 {
        match self {
            Self::Bernoulli => f32::from(u8::from(f64::from(uniform) < sigmoid(numbers[0]))),
            Self::Categorical(levels) => {
                let (level, _) = choose(numbers, uniform);
                level as f32 / f32::from(levels - 1)
            }
            Self::Gaussians(components) => {
                let (weights, means, log_sds) = split(numbers, components);
                let (component, rest) = choose(weights, uniform);
                // The normal quantile, -sqrt(2) erfc^-1(2 u), finite at both ends.
                let z = -std::f64::consts::SQRT_2 * erfc_inv(2.0 * rest.clamp(1e-12, 1.0 - 1e-12));
                (f64::from(means[component]) + f64::from(log_sds[component]).exp() * z) as f32
            }
        }
    }
}

const HALF_LN_TAU: f64 = 0.918_938_533_204_672_8;

fn split(numbers: &[f32], components: u16) -> (&[f32], &[f32], &[f32]) {
    let (weights, rest) = numbers.split_at(usize::from(components));
    let (means, log_sds) = rest.split_at(usize::from(components));
    (weights, means, log_sds)
}

/// Index that `uniform` selects under softmax(logits), and the relative position in its interval, in `[0, 1)`.
fn choose(logits: &[f32], uniform: f32) -> (usize, f64) {
    let total = log_sum_exp(logits.iter().map(|logit| f64::from(*logit)));
    let mut left = f64::from(uniform);
    for (index, logit) in logits.iter().enumerate() {
        let share = (f64::from(*logit) - total).exp();
        if left < share || index + 1 == logits.len() {
            return (index, (left / share).min(1.0));
        }
        left -= share;
    }
    unreachable!("a pixel has at least one number")
}

fn sigmoid(logit: f32) -> f64 {
    1.0 / (1.0 + (-f64::from(logit)).exp())
}

/// log(1 / (1 + e^-x)) without overflow.
fn log_sigmoid(x: f32) -> f64 {
    let x = f64::from(x);
    x.min(0.0) - (-x.abs()).exp().ln_1p()
}

/// Number of factors of at most 2 whose product does not overflow in f64.
const FACTORS: usize = 1_000;

/// Sum of [`log_sigmoid`] of log-odds, negated where a pixel is 0, with one logarithm for many pixels.
fn log_sigmoids(log_odds: &[f32], image: &[f32]) -> f64 {
    let parts = log_odds.chunks(FACTORS).zip(image.chunks(FACTORS));
    let part = |(log_odds, image): (&[f32], &[f32])| {
        let (mut sum, mut product) = (0.0, 1.0);
        for (odds, value) in log_odds.iter().zip(image) {
            let x = f64::from(if *value > 0.5 { *odds } else { -odds });
            sum += x.min(0.0);
            product *= 1.0 + (-x.abs()).exp();
        }
        sum - product.ln()
    };
    parts.map(part).sum()
}

/// Logarithm of a sum of exponentials, without overflow; minus infinity for an empty iterator.
pub fn log_sum_exp(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let largest = values.clone().fold(f64::NEG_INFINITY, f64::max);
    if largest == f64::NEG_INFINITY {
        return largest;
    }
    largest + values.map(|value| (value - largest).exp()).sum::<f64>().ln()
}

/// Conditional distributions of all pixels of some images, each given the preceding pixels in the ordering.
///
/// ```
/// use engine::Conditionals;
///
/// // One image of two pixels, each 1 with probability 1/2.
/// let conditionals = Conditionals::bernoulli(vec![0.0, 0.0], 2);
/// let nats = conditionals.log_density(&engine::Split::new(vec![0.0, 1.0], 2));
/// assert!((nats[0] + 2.0 * 2f64.ln()).abs() < 1e-12);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Conditionals {
    /// Family of the distributions.
    pub family: Family,
    /// Parameters, `[image][pixel][number]`, with pixels in raster order, not in the order of generation.
    pub numbers: Vec<f32>,
    /// Number of pixels per image; for RGB images, three per position.
    pub pixels: usize,
}

impl Conditionals {
    /// Conditionals of binary pixels with log-odds `[image][pixel]`.
    #[must_use]
    pub fn bernoulli(log_odds: Vec<f32>, pixels: usize) -> Self {
        Self { family: Family::Bernoulli, numbers: log_odds, pixels }
    }

    /// Parameters of one pixel.
    #[must_use]
    pub fn of(&self, image: usize, pixel: usize) -> &[f32] {
        let width = self.family.width();
        &self.numbers[(image * self.pixels + pixel) * width..][..width]
    }

    /// Log-density of each image in nats: the sum of the logarithms of its conditionals, in f64.
    #[must_use]
    pub fn log_density(&self, images: &Split) -> Vec<f64> {
        let width = self.pixels * self.family.width();
        let pairs = self.numbers.par_chunks(width).zip(images.pixels.par_chunks(self.pixels));
        pairs.map(|(numbers, image)| self.family.log_density(numbers, image)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_sum_to_one_and_are_drawn_by_their_probabilities() {
        let (family, logits) = (Family::Categorical(4), [0.3, -1.0, 2.0, 0.0]);
        let p: Vec<f64> = (0..4u8).map(|l| family.log_prob(&logits, f32::from(l) / 3.0).exp()).collect();
        assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        let draws = 10_000;
        let mut counts = [0.0; 4];
        for draw in 0..draws {
            let value = family.draw(&logits, (draw as f32 + 0.5) / draws as f32);
            counts[(value * 3.0).round() as usize] += 1.0 / f64::from(draws);
        }
        assert!(p.iter().zip(counts).all(|(p, share)| (p - share).abs() < 2e-4), "{p:?} {counts:?}");
    }

    #[test]
    fn a_mixture_integrates_to_one_and_draws_have_its_mean() {
        let (family, numbers) = (Family::Gaussians(2), [0.0, 1.0, -1.0, 2.0, -0.5, 0.2]);
        let step = 1e-3;
        let points = (-12_000..14_000).map(|index| f64::from(index) * step);
        let mass: f64 = points.clone().map(|x| family.log_prob(&numbers, x as f32).exp() * step).sum();
        let mean: f64 = points.map(|x| x * family.log_prob(&numbers, x as f32).exp() * step).sum();
        assert!((mass - 1.0).abs() < 1e-5, "{mass}");
        let draws = 100_000;
        let drawn: f64 =
            (0..draws).map(|d| f64::from(family.draw(&numbers, (d as f32 + 0.5) / draws as f32))).sum::<f64>()
                / f64::from(draws);
        assert!((mean - drawn).abs() < 1e-2, "{mean} {drawn}");
    }

    #[test]
    fn the_sum_over_binary_pixels_equals_the_sum_one_by_one() {
        let count = 2_500;
        let log_odds: Vec<f32> = (0..count).map(|index| (index as f32 * 0.7).sin() * 40.0).collect();
        let image: Vec<f32> = (0..count).map(|index| f32::from(u8::from(index % 3 == 0))).collect();
        let one_by_one: f64 =
            log_odds.iter().zip(&image).map(|(odds, value)| Family::Bernoulli.log_prob(&[*odds], *value)).sum();
        let found = Conditionals::bernoulli(log_odds, count).log_density(&Split::new(image, count));
        assert!((found[0] / one_by_one - 1.0).abs() < 1e-13, "{found:?} {one_by_one}");
    }

    #[test]
    fn binary_pixels_are_two_levels() {
        for (value, sign) in [(1.0, 1.0), (0.0, -1.0)] {
            let odds = Family::Bernoulli.log_prob(&[1.7], value);
            let levels = Family::Categorical(2).log_prob(&[0.0, 1.7], value);
            assert!((odds - levels).abs() < 1e-7, "{sign}");
        }
        assert!(Family::Bernoulli.log_prob(&[200.0], 0.0).is_finite());
    }
}
