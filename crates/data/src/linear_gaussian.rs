//! Linear-Gaussian images: x = W z + mu + sigma eps, with z and eps standard normal.
//!
//! Tipping and Bishop, 1999, Probabilistic principal component analysis. The pixels are real numbers, so log p and the
//! entropy are in differential nats. Both have closed forms: x is normal with mean mu and covariance
//! S = W W' + sigma^2 I, and the matrix inversion lemma needs only the small matrix M = W' W + sigma^2 I, whose number of
//! rows is the dimension of z.

use std::f64::consts::PI;

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};
use protocol::Support;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::{refused, whole};
use crate::synthetic::draws::{COUNTS, Draws, SIDE, SIGMA, Source, Stream, images, reals, sigma};
use crate::{DataConfig, DataError, DataShape, Dataset, Entropy, ExactDensity, Noise, Split};

/// Settings of `linear_gaussian`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct LinearGaussian {
    /// Height in pixels.
    #[schemars(range(min = 1, max = 256))]
    pub height: usize,
    /// Width in pixels.
    #[schemars(range(min = 1, max = 256))]
    pub width: usize,
    /// Dimension of the latent vector z.
    #[schemars(range(min = 1, max = 256))]
    pub latent: usize,
    /// Standard deviation of the noise on each pixel.
    #[schemars(range(min = 0.001, max = 1_000))]
    pub sigma: f64,
    /// Seed of W and mu.
    pub weight_seed: u64,
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

impl Default for LinearGaussian {
    fn default() -> Self {
        let [train, validation, test] = COUNTS;
        Self { height: SIDE, width: SIDE, latent: 4, sigma: SIGMA, weight_seed: 0, seed: 0, train, validation, test }
    }
}

impl DataConfig for LinearGaussian {
    const NAME: &'static str = "linear_gaussian";
    const ABOUT: &'static str = "real-valued pixels, linear in a normal latent, plus normal noise; exact density";

    fn describe(&self) -> Result<DataShape, DataError> {
        sigma(self.sigma)?;
        whole("latent", self.latent, 1..=256, "1 to 256")?;
        self.draws().shape(Support::Real, None)
    }

    fn load(&self) -> Result<Dataset, DataError> {
        Ok(self.draws().dataset(Self::NAME, self.describe()?, self.density()?))
    }
}

impl LinearGaussian {
    /// The distribution of the images. The weights W are normal with variance 1 / latent, so that the variance of the
    /// signal is near 1 in every pixel. The mean mu is standard normal.
    ///
    /// # Errors
    /// A setting is out of range.
    pub fn density(&self) -> Result<LinearGaussianDensity, DataError> {
        let (len, latent) = (self.describe()?.pixels(), self.latent);
        let normals = |purpose: &str, count: usize| {
            let mut noise = Noise::new(self.weight_seed, &format!("synthetic/linear_gaussian/{purpose}"), 0);
            (0..count).map(|_| noise.normal()).collect::<Vec<_>>()
        };
        let scale = (latent as f64).sqrt().recip();
        let weights = DMatrix::from_row_slice(len, latent, &normals("weights", len * latent)) * scale;
        let mean = DVector::from_vec(normals("mean", len));
        let variance = self.sigma.powi(2);
        let small = weights.tr_mul(&weights) + DMatrix::identity(latent, latent) * variance;
        let small = Cholesky::new(small).ok_or_else(|| {
            refused("sigma", format!("{} is too small for these weights", self.sigma), "larger values")
        })?;
        let log_det_small = 2.0 * small.l_dirty().diagonal().iter().map(|pivot| pivot.ln()).sum::<f64>();
        let log_det = (len as f64 - latent as f64) * variance.ln() + log_det_small;
        Ok(LinearGaussianDensity { weights, mean, sigma: self.sigma, small, log_det })
    }

    fn draws(&self) -> Draws {
        let counts = [self.train, self.validation, self.test];
        Draws { height: self.height, width: self.width, seed: self.seed, counts }
    }
}

/// The distribution of `linear_gaussian`.
#[derive(Clone, Debug)]
pub struct LinearGaussianDensity {
    /// W, with one row per pixel and one column per dimension of z.
    weights: DMatrix<f64>,
    mean: DVector<f64>,
    sigma: f64,
    /// The matrix M.
    small: Cholesky<f64, Dyn>,
    /// ln det S.
    log_det: f64,
}

impl LinearGaussianDensity {
    /// The mean mu, with one number per pixel.
    #[must_use]
    pub fn mean(&self) -> &[f64] {
        self.mean.as_slice()
    }

    /// The weights W, with one row of `latent` weights per pixel.
    #[must_use]
    pub fn weights(&self) -> Vec<Vec<f64>> {
        self.weights.row_iter().map(|row| row.iter().copied().collect()).collect()
    }

    /// Standard deviation of the noise on each pixel.
    #[must_use]
    pub fn sigma(&self) -> f64 {
        self.sigma
    }

    /// n ln(2 pi) + ln det S, the value of -2 log p at the mean.
    fn volume(&self) -> f64 {
        self.mean.len() as f64 * (2.0 * PI).ln() + self.log_det
    }
}

impl ExactDensity for LinearGaussianDensity {
    fn log_density(&self, image: &[f32]) -> f64 {
        let Some(pixels) = reals(image, self.mean.len()) else { return f64::NEG_INFINITY };
        let off = DVector::from_iterator(self.mean.len(), pixels) - &self.mean;
        // off' S^-1 off is computed as the minimum of |off - W z|^2 / sigma^2 + |z|^2 over z, a sum of squares. The
        // lemma has a difference of two large terms, which loses digits for small sigma.
        let z = self.small.solve(&self.weights.tr_mul(&off));
        let residual = off - &self.weights * &z;
        -0.5 * (self.volume() + residual.norm_squared() / self.sigma.powi(2) + z.norm_squared())
    }

    /// Closed form: (n ln(2 pi e) + ln det S) / 2.
    fn entropy(&self) -> Entropy {
        Entropy { nats: 0.5 * (self.volume() + self.mean.len() as f64), se: None }
    }
}

impl Source for LinearGaussianDensity {
    fn draw(&self, stream: &Stream, count: usize) -> Split {
        let mut noise = stream.noise(0);
        let mut sum = vec![0.0; self.mean.len()];
        images(self.mean.len(), count, |image| {
            sum.copy_from_slice(self.mean.as_slice());
            // The order of the sum is fixed, so that the images are the same on every processor.
            for column in self.weights.column_iter() {
                let z = noise.normal();
                sum.iter_mut().zip(column.iter()).for_each(|(sum, weight)| *sum += weight * z);
            }
            for (pixel, sum) in image.iter_mut().zip(&sum) {
                *pixel = (sum + self.sigma * noise.normal()) as f32;
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synthetic::laws::moments;

    fn config(height: usize, width: usize, latent: usize, sigma: f64) -> LinearGaussian {
        LinearGaussian { height, width, latent, sigma, weight_seed: 5, ..LinearGaussian::default() }
    }

    /// The covariance S.
    fn covariance(density: &LinearGaussianDensity) -> DMatrix<f64> {
        let len = density.mean().len();
        let weights = density.weights();
        let dot = |i: usize, j: usize| weights[i].iter().zip(&weights[j]).map(|(a, b)| a * b).sum::<f64>();
        DMatrix::from_fn(len, len, |i, j| dot(i, j) + if i == j { density.sigma().powi(2) } else { 0.0 })
    }

    #[test]
    fn log_p_and_entropy_equal_those_of_the_full_covariance() {
        for (height, width, latent, sigma) in
            [(1, 1, 1, 0.3), (1, 2, 1, 1.0), (2, 3, 2, 0.5), (3, 3, 4, 0.1), (2, 2, 9, 0.7), (4, 4, 3, 2.0)]
        {
            let config = config(height, width, latent, sigma);
            let density = config.density().unwrap();
            let len = height * width;
            let covariance = covariance(&density);
            let (inverse, determinant) = (covariance.clone().try_inverse().unwrap(), covariance.determinant());
            let volume = len as f64 * (2.0 * PI).ln() + determinant.ln();
            let entropy = 0.5 * (len as f64 + volume);
            assert!((density.entropy().nats - entropy).abs() < 1e-10, "{config:?}");
            assert_eq!(density.entropy().se, None);
            for image in config.load().unwrap().train.take(200).images() {
                let off = DVector::from_fn(len, |i, _| f64::from(image[i]) - density.mean()[i]);
                let direct = -0.5 * (volume + off.dot(&(&inverse * &off)));
                let lemma = density.log_density(image);
                assert!((direct - lemma).abs() < 1e-10, "{config:?}: {direct} {lemma}");
            }
        }
    }

    #[test]
    fn draws_have_the_mean_and_the_covariance() {
        let config = LinearGaussian { train: 40_000, ..config(2, 3, 2, 0.5) };
        let density = config.density().unwrap();
        let covariance = covariance(&density);
        let n = config.train as f64;
        let (mean, second) = moments(&config.load().unwrap().train);
        for i in 0..6 {
            let variance = covariance[(i, i)];
            assert!((mean[i] - density.mean()[i]).abs() < 5.0 * (variance / n).sqrt());
            for j in 0..6 {
                let spread = (variance * covariance[(j, j)] + covariance[(i, j)].powi(2)) / n;
                let off = second[i][j] - covariance[(i, j)];
                assert!(off.abs() < 5.0 * spread.sqrt(), "{i} {j}: {off} +- {}", spread.sqrt());
            }
        }
    }

    #[test]
    fn a_single_pixel_of_tiny_noise_is_still_exact() {
        // The variance is the single number w^2 + sigma^2, so the check itself is simple.
        let density = config(1, 1, 1, 0.001).density().unwrap();
        let variance = density.weights()[0][0].powi(2) + 1e-6;
        for x in [-2.0f32, 0.0, 0.5, 3.0] {
            let off = f64::from(x) - density.mean()[0];
            let direct = -0.5 * ((2.0 * PI * variance).ln() + off * off / variance);
            assert!((density.log_density(&[x]) - direct).abs() < 1e-10 * direct.abs().max(1.0));
        }
    }

    #[test]
    fn weights_have_a_seed_of_their_own() {
        let weights = |weight_seed, seed| {
            LinearGaussian { weight_seed, seed, ..LinearGaussian::default() }.density().unwrap().weights()
        };
        assert_eq!(weights(1, 0), weights(1, 9));
        assert_ne!(weights(1, 0), weights(2, 0));
    }
}
