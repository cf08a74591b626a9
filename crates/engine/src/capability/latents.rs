//! Latents and features of images.

use burn::prelude::Tensor;
use data::{Noise, Split};

/// Features that the model computes from images, such as a posterior mean or a hidden layer.
pub trait Encoder {
    /// Features of each image, `[image][feature]`.
    fn encode(&self, images: &Split) -> Features;
}

/// Latents of images and draws from the prior, for their comparison.
///
/// Samples start from the prior, so that latents of images with another distribution mean poor samples.
pub trait LatentPrior {
    /// One latent per image, `[image][number]`; a draw if the encoder is random.
    fn encoded(&self, images: &Split, noise: &mut Noise) -> Features;

    /// Draws `count` latents from the prior.
    fn prior(&self, count: usize, noise: &mut Noise) -> Features;
}

/// Latent-variable model p(x, z) = N(z; 0, I) p(x|z), with a diagonal Gaussian q(z|x).
///
/// For one or two latent dimensions, quadrature gives the exact posterior from these functions.
pub trait LatentVariable {
    /// Number of latent dimensions.
    fn latent(&self) -> usize;

    /// Approximate posterior q(z|x) of each image.
    fn posteriors(&self, images: &Split) -> Posteriors;

    /// Log-likelihood log p(x|z) in nats of every image for every latent: `[image][latent]`.
    fn log_likelihood(&self, images: &Split, latents: &Features) -> Vec<Vec<f64>>;
}

/// Diagonal Gaussians over latents, one per image.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Posteriors {
    /// Means, `[image][dimension]`.
    pub means: Features,
    /// Natural logarithms of variances, `[image][dimension]`.
    pub log_variances: Features,
}

/// Features of images, `[image][feature]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Features {
    /// All features, image after image.
    pub values: Vec<f64>,
    /// Number of features per image.
    pub width: usize,
}

/// Copies features `[images, features]` from the device.
impl From<Tensor<2>> for Features {
    fn from(values: Tensor<2>) -> Self {
        let [_, width] = values.dims();
        Self { values: nn::to_host(values).into_iter().map(f64::from).collect(), width }
    }
}

impl Features {
    /// Iterator over the features of each image.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.values.chunks_exact(self.width.max(1))
    }

    /// Returns whether all features are finite, also after squares and sums.
    #[must_use]
    pub fn are_sound(&self) -> bool {
        self.values.iter().all(|value| value.abs() < 1e150)
    }
}
