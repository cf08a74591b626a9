//! Background model: independent pixels, each with its own distribution.

use data::{Noise, Split};
use protocol::Support;

/// Least standard deviation of a real-valued pixel, for pixels that never vary.
const LEAST_SD: f64 = 1e-3;
const HALF_LN_TAU: f64 = 0.918_938_533_204_672_8;

/// Independent pixels, each with its own distribution.
pub(super) enum Background {
    /// Log-probabilities of the levels of each pixel, `[pixel][level]`.
    Levels { levels: usize, log_p: Vec<f64> },
    /// Mean and standard deviation of each pixel.
    Gaussian { moments: Vec<(f64, f64)> },
}

impl Background {
    /// Fits pixels with levels by counting, with half an image added per level (Krichevsky and Trofimov, 1981), and
    /// real pixels by mean and variance. Grey training images of binary data count as the mean of their draws.
    pub(super) fn fit(train: &Split, support: Support) -> Self {
        let (n, pixels) = (train.len() as f64, train.image_len);
        let mut sums = vec![[0.0f64; 2]; pixels];
        let levels = match support {
            Support::Binary => {
                let mut counts = vec![0.5; 2 * pixels];
                for (pixel, value) in indexed(train) {
                    counts[2 * pixel] += 1.0 - value;
                    counts[2 * pixel + 1] += value;
                }
                return Self::counted(counts, 2, n);
            }
            Support::Levels(levels) => usize::from(levels),
            Support::Continuous | Support::Real => {
                for (pixel, value) in indexed(train) {
                    sums[pixel][0] += value / n;
                }
                for (pixel, value) in indexed(train) {
                    sums[pixel][1] += (value - sums[pixel][0]).powi(2) / n;
                }
                let moments = sums.into_iter().map(|[mean, variance]| (mean, variance.sqrt().max(LEAST_SD))).collect();
                return Self::Gaussian { moments };
            }
        };
        let mut counts = vec![0.5; levels * pixels];
        for (pixel, value) in indexed(train) {
            counts[pixel * levels + level(value, levels)] += 1.0;
        }
        Self::counted(counts, levels, n)
    }

    fn counted(counts: Vec<f64>, levels: usize, n: f64) -> Self {
        let total = (n + 0.5 * levels as f64).ln();
        Self::Levels { levels, log_p: counts.into_iter().map(|count| count.ln() - total).collect() }
    }

    /// Background fitted, in closed form, to images whose pixels are replaced with probability `rate` by a uniform draw
    /// from the support. Real pixels have no uniform distribution; their background is unchanged.
    pub(super) fn mutated(self, rate: f64) -> Self {
        match self {
            Self::Levels { levels, log_p } => {
                let mutate = |log_p: f64| ((1.0 - rate) * log_p.exp() + rate / levels as f64).ln();
                Self::Levels { levels, log_p: log_p.into_iter().map(mutate).collect() }
            }
            Self::Gaussian { .. } => self,
        }
    }

    /// Log-density of each image, in nats.
    pub(super) fn log_density(&self, images: &Split) -> Vec<f64> {
        let of_pixel = |(pixel, value): (usize, &f32)| match self {
            Self::Levels { levels, log_p } => log_p[pixel * levels + level(f64::from(*value), *levels)],
            Self::Gaussian { moments } => {
                let (mean, sd) = moments[pixel];
                -0.5 * ((f64::from(*value) - mean) / sd).powi(2) - sd.ln() - HALF_LN_TAU
            }
        };
        images.images().map(|image| image.iter().enumerate().map(of_pixel).sum()).collect()
    }

    /// Draws `count` images.
    pub(super) fn draw(&self, count: usize, noise: &mut Noise) -> Split {
        let mut pixels = Vec::new();
        let image_len = match self {
            Self::Levels { levels, log_p } => {
                let weights: Vec<f64> = log_p.iter().map(|log_p| log_p.exp()).collect();
                for _ in 0..count {
                    pixels.extend(weights.chunks_exact(*levels).map(|p| grey(noise.categorical(p), *levels)));
                }
                log_p.len() / levels
            }
            Self::Gaussian { moments } => {
                for _ in 0..count {
                    pixels.extend(moments.iter().map(|(mean, sd)| (mean + sd * noise.normal()) as f32));
                }
                moments.len()
            }
        };
        Split::new(pixels, image_len)
    }
}

fn indexed(images: &Split) -> impl Iterator<Item = (usize, f64)> {
    images.images().flat_map(|image| image.iter().map(|value| f64::from(*value)).enumerate())
}

fn level(value: f64, levels: usize) -> usize {
    (value * (levels - 1) as f64).round() as usize
}

/// Pixel value of a level, 0 to 1.
pub(super) fn grey(level: usize, levels: usize) -> f32 {
    level as f32 / (levels - 1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(image_len: usize, pixels: &[f32]) -> Split {
        Split::new(pixels.to_vec(), image_len)
    }

    #[test]
    fn counts_and_grey_means_become_probabilities() {
        // Two images of two pixels: 1.5 and 0 of 2 are white, with half an image added for each.
        let background = Background::fit(&split(2, &[1.0, 0.0, 0.5, 0.0]), Support::Binary);
        let found = background.log_density(&split(2, &[1.0, 0.0, 0.0, 1.0]));
        let expected: [f64; 2] = [2.0 / 3.0 * 2.5 / 3.0, 1.0 / 3.0 * 0.5 / 3.0];
        assert!(found.iter().zip(expected).all(|(found, p)| (found - p.ln()).abs() < 1e-12), "{found:?}");
    }

    #[test]
    fn probabilities_of_levels_sum_to_one() {
        let train = split(2, &[0.0, 0.5, 0.5, 1.0, 1.0, 1.0]);
        let background = Background::fit(&train, Support::Levels(3));
        let all: Vec<f32> = (0..9).flat_map(|image| [grey(image % 3, 3), grey(image / 3, 3)]).collect();
        let total: f64 = background.log_density(&split(2, &all)).iter().map(|nats| nats.exp()).sum();
        assert!((total - 1.0).abs() < 1e-12, "{total}");
    }

    #[test]
    fn mutations_are_uniform_over_levels() {
        let train = split(1, &[0.0; 1_000]);
        let of = |rate| Background::fit(&train, Support::Levels(3)).mutated(rate);
        let found = of(0.3).log_density(&split(1, &[0.0, 0.5, 1.0]));
        let rest: f64 = 0.7 * 0.5 / 1_001.5 + 0.1;
        let expected = [1.0 - 2.0 * rest, rest, rest];
        assert!(found.iter().zip(expected).all(|(found, p)| (found - p.ln()).abs() < 1e-12), "{found:?}");
        assert_eq!(of(1.0).log_density(&split(1, &[0.5])), [(1.0f64 / 3.0).ln()]);
    }

    #[test]
    fn draws_have_the_fitted_moments() {
        let mut noise = Noise::new(0, "test", 0);
        for support in [Support::Binary, Support::Levels(5), Support::Real] {
            let train = match support {
                Support::Real => (0..4_000).map(|i| (noise.normal() * 2.0 + f64::from(i % 2)) as f32).collect(),
                Support::Binary => {
                    (0..4_000).map(|i| f32::from(u8::from(noise.bernoulli([0.1, 0.7][i % 2])))).collect()
                }
                _ => (0..4_000)
                    .map(|i| grey(noise.categorical(&[1.0, 2.0, 0.0, 1.0 + (i % 2) as f64, 1.0]), 5))
                    .collect::<Vec<_>>(),
            };
            let train = split(2, &train);
            let drawn = Background::fit(&train, support).draw(20_000, &mut noise);
            let moments = |images: &Split, pixel: usize| {
                let values: Vec<f64> = images.images().map(|image| f64::from(image[pixel])).collect();
                let (mean, se) = crate::progress::mean_se(&values);
                (mean, se.unwrap() * (values.len() as f64).sqrt())
            };
            for pixel in [0, 1] {
                let ((mean, sd), (of_train, sd_of_train)) = (moments(&drawn, pixel), moments(&train, pixel));
                assert!((mean - of_train).abs() < 0.03 * sd, "{support} {mean} {of_train}");
                assert!((sd / sd_of_train - 1.0).abs() < 0.03, "{support} {sd} {sd_of_train}");
            }
        }
    }
}
