//! Capabilities of a trained model.
//!
//! A measure has a `&dyn GenerativeModel` and asks it for a capability. Capabilities take and return plain numbers on
//! the host, so that a measure needs no tensor, device or model name. Images are [`Split`]s with pixels
//! `[image][channel][row][column]` in f32; log-densities are in nats per image in f64.

mod codes;
mod critic;
mod product_of_conditionals;
mod pushforward;

use burn::prelude::Tensor;
use data::{Captions, Noise, Parts, Split};
use protocol::Support;

pub use self::codes::{CodePosteriors, CodeShape, Coded, Codes};
pub use self::critic::Critic;
pub use self::product_of_conditionals::ProductOfConditionals;
pub use self::pushforward::Pushforward;
use crate::Conditionals;

/// A trained model: a snapshot that later training does not change.
///
/// Each method returns a capability, or `None` by default. Implement the methods of the capabilities that the model
/// has; measures that need another capability report why they do not apply.
///
/// ```
/// use engine::{ExplicitDensity, GenerativeModel, Noise, Sampler, Split};
/// use protocol::Support;
///
/// /// Independent fair pixels.
/// struct Coins {
///     pixels: usize,
/// }
///
/// impl GenerativeModel for Coins {
///     fn parameters(&self) -> u64 {
///         0
///     }
///     fn sampler(&self) -> Option<&dyn Sampler> {
///         Some(self)
///     }
///     fn density(&self) -> Option<&dyn ExplicitDensity> {
///         Some(self)
///     }
/// }
///
/// impl Sampler for Coins {
///     fn support(&self) -> Support {
///         Support::Binary
///     }
///     fn sample(&self, count: usize, noise: &mut Noise) -> Split {
///         let pixels = (0..count * self.pixels).map(|_| f32::from(u8::from(noise.bernoulli(0.5))));
///         Split::new(pixels.collect(), self.pixels)
///     }
/// }
///
/// impl ExplicitDensity for Coins {
///     fn support(&self) -> Support {
///         Support::Binary
///     }
///     fn log_density(&self, images: &Split) -> Vec<f64> {
///         vec![-(self.pixels as f64) * 2f64.ln(); images.len()]
///     }
/// }
///
/// let (model, mut noise) = (Coins { pixels: 4 }, Noise::new(0, "example", 0));
/// let images = model.sampler().expect("it has a sampler").sample(3, &mut noise);
/// assert_eq!((images.len(), model.bound().is_none()), (3, true));
/// ```
pub trait GenerativeModel {
    /// Number of free parameters.
    fn parameters(&self) -> u64;

    /// Sampler of images.
    fn sampler(&self) -> Option<&dyn Sampler> {
        None
    }

    /// Exact density.
    fn density(&self) -> Option<&dyn ExplicitDensity> {
        None
    }

    /// Conditional distributions of pixels in an ordering.
    fn autoregressive(&self) -> Option<&dyn Autoregressive> {
        None
    }

    /// Lower bound on the log-density.
    fn bound(&self) -> Option<&dyn DensityBound> {
        None
    }

    /// Features of images.
    fn encoder(&self) -> Option<&dyn Encoder> {
        None
    }

    /// Sampler of images for captions.
    fn conditional(&self) -> Option<&dyn ConditionalSampler> {
        None
    }

    /// Restoration of images from parts.
    fn restorer(&self) -> Option<&dyn Restorer> {
        None
    }

    /// Translation of images between two domains.
    fn translator(&self) -> Option<&dyn Translator> {
        None
    }

    /// Latents of images, and the prior that they are trained to follow.
    fn latent_prior(&self) -> Option<&dyn LatentPrior> {
        None
    }

    /// Discriminator with a fixed generator.
    fn critic(&self) -> Option<&dyn Critic> {
        None
    }

    /// Generation of images from codes, and recognition of codes.
    fn coded(&self) -> Option<&dyn Coded> {
        None
    }

    /// Latent variable with a Gaussian posterior and a standard normal prior.
    fn latent_variable(&self) -> Option<&dyn LatentVariable> {
        None
    }

    /// Images as a differentiable map of Gaussian noise.
    fn pushforward(&self) -> Option<Box<dyn Pushforward + '_>> {
        None
    }
}

/// Sampler of the model's distribution.
pub trait Sampler {
    /// Support of the samples.
    fn support(&self) -> Support;

    /// Draws `count` images on the support. Pixels are draws, not means: for example, the Bernoulli draws of a VAE.
    ///
    /// Equal noise must give equal images.
    fn sample(&self, count: usize, noise: &mut Noise) -> Split;

    /// Draws `count` images for pictures, which may show means instead of draws.
    fn picture(&self, count: usize, noise: &mut Noise) -> Split {
        self.sample(count, noise)
    }
}

/// Exact density of the model.
pub trait ExplicitDensity {
    /// Support of the density.
    fn support(&self) -> Support;

    /// Log-density log p(x) of each image in nats, one per image.
    ///
    /// Over a discrete support it is the logarithm of a probability, and the laws check that probabilities sum to 1.
    /// Minus infinity is allowed; NaN is not.
    fn log_density(&self, images: &Split) -> Vec<f64>;
}

/// A density that is a product of conditionals, one per pixel in an ordering.
///
/// For RGB data a "pixel" is one number: each position has three. Models whose density is exactly this product
/// implement [`ProductOfConditionals`], too, and get [`ExplicitDensity`] and [`Sampler`] from it.
pub trait Autoregressive {
    /// Raster indices of the pixels in the order of generation: a permutation of `0..pixels`.
    fn ordering(&self) -> Vec<usize>;

    /// Conditional distribution of each pixel of each image, given the preceding pixels.
    ///
    /// The distribution of a pixel must not depend on that pixel or on later ones; the laws check it.
    fn conditionals(&self, images: &Split) -> Conditionals;

    /// Draws images from `uniforms` in [0, 1), `[image][position in the ordering]`, each pixel by
    /// [`Family::draw`](crate::Family::draw).
    ///
    /// This is the fast implementation; its result must equal that of [`Autoregressive::sample_naive`].
    fn sample_from(&self, uniforms: &[f32]) -> Split;

    /// Draws images with one full pass per pixel: the oracle of [`Autoregressive::sample_from`] in tests.
    fn sample_naive(&self, uniforms: &[f32]) -> Split {
        let ordering = self.ordering();
        let pixels = ordering.len();
        let mut images = Split::new(vec![0.0; uniforms.len()], pixels);
        for (position, &pixel) in ordering.iter().enumerate() {
            let conditionals = self.conditionals(&images);
            for (image, draws) in uniforms.chunks_exact(pixels).enumerate() {
                images.pixels[image * pixels + pixel] =
                    conditionals.family.draw(conditionals.of(image, pixel), draws[position]);
            }
        }
        images
    }
}

/// Terms of the evidence lower bound of one image, in nats: ELBO = `reconstruction` - `kl` (Kingma and Welling, 2014,
/// eq. 3).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Elbo {
    /// Reconstruction term E_q[log p(x|z)], estimated with one draw of z.
    pub reconstruction: f64,
    /// KL divergence KL(q(z|x) || p(z)), in closed form if one exists.
    pub kl: f64,
}

impl Elbo {
    /// The lower bound in nats.
    #[must_use]
    pub fn nats(self) -> f64 {
        self.reconstruction - self.kl
    }
}

/// Lower bound on the log-density, in expectation over the noise.
pub trait DensityBound {
    /// Support of the density.
    fn support(&self) -> Support;

    /// Terms of the ELBO, one per image.
    fn elbo(&self, images: &Split, noise: &mut Noise) -> Vec<Elbo>;

    /// Importance-weighted bound in nats, one per image: the logarithm of the mean of `k` importance weights (Burda,
    /// Grosse and Salakhutdinov, 2016, eq. 8). It tightens as `k` grows; `k` is at least 1.
    fn iwae(&self, images: &Split, k: usize, noise: &mut Noise) -> Vec<f64>;

    /// Whether the limit of large `k` is a density that sums to 1 over the support.
    ///
    /// It does not if a density over real numbers bounds the probability of grey levels, because it has mass outside of
    /// them. The laws check the sum only if this is true.
    fn is_tight(&self) -> bool {
        true
    }
}

/// Sampler of images for captions.
pub trait ConditionalSampler {
    /// Support of the images.
    fn support(&self) -> Support;

    /// Draws one image per caption.
    fn sample_for(&self, captions: &Captions, noise: &mut Noise) -> Split;
}

/// Restoration of whole images from parts without known positions.
pub trait Restorer {
    /// Restores one image per set of parts, and predicts a mask of the parts.
    ///
    /// Only the pixels of `parts` may be used, not their true positions and masks.
    fn restore(&self, parts: &Parts, noise: &mut Noise) -> Restored;
}

/// Result of a [`Restorer`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Restored {
    /// The whole images.
    pub images: Split,
    /// Predicted probability that a part covers each position, 0 to 1: `[image][row][column]`.
    pub masks: Vec<f32>,
}

/// Translation of images between two domains: that of the data set (A) and its other domain (B).
pub trait Translator {
    /// Translates images of A to B, one per image.
    fn forth(&self, images: &Split) -> Split;

    /// Translates images of B to A, one per image.
    fn back(&self, images: &Split) -> Split;
}

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

    /// Whether all features are finite, also after squares and sums.
    #[must_use]
    pub fn are_sound(&self) -> bool {
        self.values.iter().all(|value| value.abs() < 1e150)
    }
}
