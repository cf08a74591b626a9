//! A mixture of Gaussians with one standard deviation and random means: real-valued images with classes.
//!
//! log p is a log-sum-exp over the components, in differential nats.

use std::f64::consts::{E, PI};
use std::sync::OnceLock;

use protocol::Support;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::whole;
use crate::synthetic::components::Components;
use crate::synthetic::draws::{COUNTS, Draws, SIDE, SIGMA, Source, Stream, reals, sigma};
use crate::synthetic::numbers::log_sum_exp;
use crate::{DataConfig, DataError, DataShape, Dataset, Entropy, ExactDensity, Modes, Noise, Split};

/// Settings of `gaussian_mixture`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct GaussianMixture {
    /// Height in pixels.
    #[schemars(range(min = 1, max = 256))]
    pub height: usize,
    /// Width in pixels.
    #[schemars(range(min = 1, max = 256))]
    pub width: usize,
    /// Number of Gaussians, all equally likely. The label of an image is its component.
    #[schemars(range(min = 1, max = 10_000))]
    pub components: usize,
    /// Standard deviation of each pixel around the mean of its component.
    #[schemars(range(min = 0.001, max = 1_000))]
    pub sigma: f64,
    /// Seed of the means, which are standard normal.
    pub mean_seed: u64,
    /// Seed of the images.
    pub seed: u64,
    /// Number of training images.
    #[schemars(range(min = 1, max = 178_956_970))]
    pub train: usize,
    /// Number of validation images.
    #[schemars(range(min = 1, max = 178_956_970))]
    pub validation: usize,
    /// Number of test images.
    #[schemars(range(min = 1, max = 178_956_970))]
    pub test: usize,
}

impl Default for GaussianMixture {
    fn default() -> Self {
        let [train, validation, test] = COUNTS;
        Self { height: SIDE, width: SIDE, components: 10, sigma: SIGMA, mean_seed: 0, seed: 0, train, validation, test }
    }
}

impl DataConfig for GaussianMixture {
    const NAME: &'static str = "gaussian_mixture";
    const ABOUT: &'static str =
        "real-valued pixels, normal around one of several random means, labelled; exact density";

    fn describe(&self) -> Result<DataShape, DataError> {
        sigma(self.sigma)?;
        whole("components", self.components, 1..=10_000, "1 to 10,000")?;
        self.draws().shape(Support::Real, Some(self.components))
    }

    fn load(&self) -> Result<Dataset, DataError> {
        Ok(self.draws().dataset(Self::NAME, self.describe()?, self.density()?))
    }
}

impl GaussianMixture {
    /// The distribution of the images.
    ///
    /// # Errors
    /// A setting is out of range.
    pub fn density(&self) -> Result<GaussianMixtureDensity, DataError> {
        let len = self.describe()?.pixels();
        let mut noise = Noise::new(self.mean_seed, "synthetic/gaussian_mixture/means", 0);
        let mut mean = || (0..len).map(|_| noise.normal()).collect();
        Ok(GaussianMixtureDensity {
            means: (0..self.components).map(|_| mean()).collect(),
            len,
            sigma: self.sigma,
            entropy_seed: self.mean_seed,
            entropy: OnceLock::new(),
        })
    }

    fn draws(&self) -> Draws {
        let counts = [self.train, self.validation, self.test];
        Draws { height: self.height, width: self.width, seed: self.seed, counts }
    }
}

/// The distribution of `gaussian_mixture`.
#[derive(Clone, Debug)]
pub struct GaussianMixtureDensity {
    means: Vec<Vec<f64>>,
    len: usize,
    sigma: f64,
    entropy_seed: u64,
    // Computed on first use: it takes time, and not every trial needs it.
    entropy: OnceLock<Entropy>,
}

impl GaussianMixtureDensity {
    /// Mean of each component, with one number per pixel.
    #[must_use]
    pub fn means(&self) -> &[Vec<f64>] {
        &self.means
    }

    /// ln K + n ln(2 pi e sigma^2) / 2: the entropy if every image determined its component. It is an upper bound of the
    /// entropy, and close to it if the means are far apart.
    #[must_use]
    pub fn entropy_bound(&self) -> f64 {
        (self.means.len() as f64).ln() + 0.5 * self.len as f64 * (2.0 * PI * E * self.sigma.powi(2)).ln()
    }
}

impl Components for GaussianMixtureDensity {
    fn components(&self) -> usize {
        self.means.len()
    }

    fn image_len(&self) -> usize {
        self.len
    }

    fn draw_into(&self, noise: &mut Noise, image: &mut [f32]) -> usize {
        let component = noise.below(self.means.len());
        for (out, mean) in image.iter_mut().zip(&self.means[component]) {
            *out = (mean + self.sigma * noise.normal()) as f32;
        }
        component
    }
}

impl ExactDensity for GaussianMixtureDensity {
    fn log_density(&self, image: &[f32]) -> f64 {
        let Some(pixels) = reals(image, self.len) else { return f64::NEG_INFINITY };
        let pixels: Vec<_> = pixels.collect();
        let variance = self.sigma.powi(2);
        let exponent = |mean: &Vec<f64>| {
            -0.5 * mean.iter().zip(&pixels).map(|(mean, pixel)| (pixel - mean).powi(2)).sum::<f64>() / variance
        };
        let terms: Vec<_> = self.means.iter().map(exponent).collect();
        let volume = 0.5 * self.len as f64 * (2.0 * PI * variance).ln();
        log_sum_exp(&terms) - (terms.len() as f64).ln() - volume
    }

    fn entropy(&self) -> Entropy {
        let noise = || Noise::new(self.entropy_seed, "synthetic/gaussian_mixture/entropy", 0);
        *self.entropy.get_or_init(|| self.entropy_by_draws(noise()))
    }

    fn modes(&self) -> Option<&dyn Modes> {
        Some(self)
    }
}

/// The modes are the components. The mode of an image is the component with the nearest mean.
impl Modes for GaussianMixtureDensity {
    fn weights(&self) -> Vec<f64> {
        self.equal_weights()
    }

    fn of(&self, image: &[f32]) -> usize {
        let distance =
            |mean: &[f64]| mean.iter().zip(image).map(|(mean, x)| (mean - f64::from(*x)).powi(2)).sum::<f64>();
        let nearest = self.means.iter().map(|mean| distance(mean)).enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
        nearest.map_or(0, |(index, _)| index)
    }
}

impl Source for GaussianMixtureDensity {
    fn draw(&self, stream: &Stream, count: usize) -> Split {
        self.labelled_images(stream, count)
    }
}

#[cfg(test)]
mod tests {
    use statrs::distribution::{Continuous, Normal};

    use super::*;
    use crate::synthetic::laws::moments;

    fn config(height: usize, width: usize, components: usize, sigma: f64) -> GaussianMixture {
        GaussianMixture { height, width, components, sigma, mean_seed: 3, ..GaussianMixture::default() }
    }

    #[test]
    fn log_p_equals_a_plain_sum_of_products() {
        for (height, width, components, sigma) in [(1, 1, 1, 0.3), (1, 2, 3, 1.0), (2, 3, 7, 0.5), (3, 3, 20, 2.0)] {
            let config = config(height, width, components, sigma);
            let density = config.density().unwrap();
            for image in config.load().unwrap().train.take(200).images() {
                let product = |mean: &Vec<f64>| -> f64 {
                    let pairs = mean.iter().zip(image);
                    pairs.map(|(mean, x)| Normal::new(*mean, sigma).unwrap().pdf(f64::from(*x))).product()
                };
                let direct = (density.means().iter().map(product).sum::<f64>() / components as f64).ln();
                assert!((density.log_density(image) - direct).abs() < 1e-10, "{config:?}");
            }
        }
    }

    #[test]
    fn far_from_every_mean_log_p_is_still_finite() {
        let density = GaussianMixture { sigma: 0.001, ..config(2, 2, 5, 1.0) }.density().unwrap();
        let log_p = density.log_density(&[100.0; 4]);
        assert!(log_p.is_finite() && log_p < -1e9, "{log_p}");
    }

    #[test]
    fn one_component_has_the_entropy_of_its_gaussian_and_several_at_most_the_bound() {
        for (side, components, sigma) in [(1, 1, 0.2), (3, 1, 1.5), (1, 6, 0.5), (2, 10, 1.0), (8, 10, 0.5)] {
            let density = config(side, side, components, sigma).density().unwrap();
            let Entropy { nats, se } = density.entropy();
            let (gap, se) = (density.entropy_bound() - nats, se.unwrap());
            assert!(gap > -4.0 * se, "{side} {components} {sigma}: {gap} +- {se}");
            if components == 1 || side == 8 {
                assert!(gap.abs() < 4.0 * se, "{side} {components} {sigma}: {gap} +- {se}");
            } else {
                assert!(gap > 0.1, "{side} {components} {sigma}: {gap} +- {se}");
            }
        }
    }

    #[test]
    fn images_of_a_label_have_the_mean_and_the_spread_of_its_component() {
        let config = GaussianMixture { train: 30_000, ..config(2, 3, 3, 0.4) };
        let density = config.density().unwrap();
        let train = config.load().unwrap().train;
        let labels = train.labels.as_ref().unwrap();
        for (component, expected) in density.means().iter().enumerate() {
            let members: Vec<_> = (0..train.len()).filter(|&i| usize::from(labels[i]) == component).collect();
            let n = members.len() as f64;
            assert!((n - 10_000.0).abs() < 5.0 * (30_000.0f64 * 2.0 / 9.0).sqrt(), "{n} of {component}");
            let (mean, second) = moments(&train.select(&members));
            for i in 0..6 {
                assert!((mean[i] - expected[i]).abs() < 5.0 * 0.4 / n.sqrt());
                for (j, seen) in second[i].iter().enumerate() {
                    let [truth, spread] = if i == j { [0.16, 0.16 * 2f64.sqrt()] } else { [0.0, 0.16] };
                    assert!((seen - truth).abs() < 5.0 * spread / n.sqrt(), "{component} {i} {j}");
                }
            }
        }
    }

    #[test]
    fn means_have_a_seed_of_their_own() {
        let means = |mean_seed, seed| {
            let config = GaussianMixture { mean_seed, seed, ..GaussianMixture::default() };
            config.density().unwrap().means().to_vec()
        };
        assert_eq!(means(1, 0), means(1, 9));
        assert_ne!(means(1, 0), means(2, 0));
    }
}
