//! Observation models that the measure adds to a generator: the distribution of pixels around the generated image G(z).

use std::rc::Rc;

use data::{Noise, Split};
use protocol::Support;

use crate::{Pushforward, StochasticDecoder};

/// Least distance of probabilities from 0 and 1; images of saturated sigmoids reach both in f32.
const EDGE: f64 = 1e-6;
const HALF_LN_TAU: f64 = 0.918_938_533_204_672_8;

/// Generator with an added observation model: a decoder with a likelihood.
pub(super) struct Observed<'a> {
    pub(super) generator: Rc<dyn Pushforward + 'a>,
    pub(super) observation: Observation,
    pub(super) support: Support,
}

impl StochasticDecoder for Observed<'_> {
    fn support(&self) -> Support {
        self.support
    }

    fn dims(&self) -> usize {
        self.generator.dims()
    }

    fn codes(&self) -> usize {
        self.generator.codes()
    }

    fn log_likelihood(&self, code: usize, eps: &[f32], images: &Split) -> (Vec<f64>, Vec<f32>) {
        let (x, len) = (&images.pixels, images.image_len);
        let mut log_likelihood = Vec::new();
        let gradient = self.generator.pull(code, eps, &mut |g| {
            let rows = g.chunks_exact(len).zip(x.chunks_exact(len));
            log_likelihood = rows.map(|(g, x)| self.observation.log_likelihood(g, x)).collect();
            self.observation.gradient(g, x).collect()
        });
        (log_likelihood, gradient)
    }

    fn draw(&self, code: usize, eps: &[f32], noise: &mut Noise) -> Split {
        let means = self.generator.decode(code, eps);
        let image_len = means.len() * self.dims() / eps.len().max(1);
        self.observation.draw(&means, image_len, noise)
    }
}

/// Distribution of independent pixels, given their means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Observation {
    /// Bernoulli(e + (1 - 2 e) G): binary pixels, each flipped with probability e.
    Flips(f64),
    /// N(G, sd^2), as in Wu et al., 2017.
    Gaussian(f64),
}

impl Observation {
    /// Candidates for a support, from sharp to blurred; empty for grey levels.
    pub(super) fn candidates(support: Support) -> Vec<Self> {
        match support {
            Support::Binary => [0.0, 0.001, 0.003, 0.01, 0.03, 0.1].map(Self::Flips).to_vec(),
            Support::Continuous | Support::Real => {
                [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0].map(Self::Gaussian).to_vec()
            }
            Support::Levels(_) => Vec::new(),
        }
    }

    /// Log-likelihood of one image with means `g`, in nats.
    pub(super) fn log_likelihood(self, g: &[f32], x: &[f32]) -> f64 {
        let pixels = g.iter().zip(x);
        match self {
            Self::Flips(_) => pixels
                .map(|(g, x)| {
                    let (p, x) = (self.probability(*g), f64::from(*x));
                    x * p.ln() + (1.0 - x) * (1.0 - p).ln()
                })
                .sum(),
            Self::Gaussian(sd) => {
                pixels.map(|(g, x)| -0.5 * (f64::from(x - g) / sd).powi(2) - sd.ln() - HALF_LN_TAU).sum()
            }
        }
    }

    /// Derivative of the log-likelihood with respect to every mean.
    pub(super) fn gradient<'a>(self, g: &'a [f32], x: &'a [f32]) -> impl Iterator<Item = f32> + 'a {
        g.iter().zip(x).map(move |(g, x)| match self {
            Self::Flips(e) => {
                let (p, x) = (self.probability(*g), f64::from(*x));
                ((1.0 - 2.0 * e) * (x - p) / (p * (1.0 - p))) as f32
            }
            Self::Gaussian(sd) => (f64::from(x - g) / (sd * sd)) as f32,
        })
    }

    /// Draws images with means `g`.
    pub(super) fn draw(self, g: &[f32], image_len: usize, noise: &mut Noise) -> Split {
        let pixels = g.iter().map(|g| match self {
            Self::Flips(_) => f32::from(u8::from(noise.uniform() < self.probability(*g))),
            Self::Gaussian(sd) => (f64::from(*g) + sd * noise.normal()) as f32,
        });
        Split::new(pixels.collect(), image_len)
    }

    /// Short description for remarks.
    pub(super) fn describe(self) -> String {
        match self {
            Self::Flips(e) => format!("pixels flipped with probability {e}"),
            Self::Gaussian(sd) => format!("Gaussian pixels with standard deviation {sd}"),
        }
    }

    fn probability(self, g: f32) -> f64 {
        let Self::Flips(e) = self else { return f64::from(g) };
        (e + (1.0 - 2.0 * e) * f64::from(g)).clamp(EDGE, 1.0 - EDGE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gradients_are_derivatives_and_a_binary_pixel_has_two_values() {
        let (g, x) = ([0.2f32, 0.7, 0.5], [1.0f32, 0.0, 1.0]);
        for observation in [Observation::Flips(0.05), Observation::Gaussian(0.3)] {
            for (pixel, derivative) in observation.gradient(&g, &x).enumerate() {
                let at = |h: f32| {
                    let mut moved = g;
                    moved[pixel] += h;
                    observation.log_likelihood(&moved, &x)
                };
                let numeric = (at(1e-3) - at(-1e-3)) / 2e-3;
                assert!((numeric - f64::from(derivative)).abs() < 1e-2 * (1.0 + numeric.abs()), "{observation:?}");
            }
        }
        let flips = Observation::Flips(0.1);
        let sum = [0.0, 1.0].map(|x| flips.log_likelihood(&[0.3], &[x]).exp()).iter().sum::<f64>();
        assert!((sum - 1.0).abs() < 1e-12);
        assert!((flips.log_likelihood(&[0.3], &[1.0]).exp() - (0.1 + 0.8 * 0.3)).abs() < 1e-7);
    }
}
