//! What a trained model can be asked.
//!
//! Evaluation holds a `&dyn GenerativeModel` and asks it for a capability. The answers are plain
//! numbers on the host in f64: a measure never sees a tensor, a device or a model's name.

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

/// A trained model, as evaluation sees it: a snapshot that later training does not affect.
pub trait GenerativeModel {
    /// Free parameters.
    fn parameters(&self) -> u64;

    /// Draws images.
    fn sampler(&self) -> Option<&dyn Sampler> {
        None
    }

    /// Evaluates the density exactly.
    fn density(&self) -> Option<&dyn ExplicitDensity> {
        None
    }

    /// Factorises the density over an ordering of the pixels.
    fn autoregressive(&self) -> Option<&dyn Autoregressive> {
        None
    }

    /// Bounds the density from below.
    fn bound(&self) -> Option<&dyn DensityBound> {
        None
    }

    /// Represents an image by features.
    fn encoder(&self) -> Option<&dyn Encoder> {
        None
    }

    /// Draws images of captions.
    fn conditional(&self) -> Option<&dyn ConditionalSampler> {
        None
    }

    /// Puts parts together to a whole image.
    fn restorer(&self) -> Option<&dyn Restorer> {
        None
    }

    /// Carries images from one domain to another.
    fn translator(&self) -> Option<&dyn Translator> {
        None
    }

    /// Draws latents, of images and from a prior that they should follow.
    fn latent_prior(&self) -> Option<&dyn LatentPrior> {
        None
    }

    /// Tells data from a fixed generator's samples.
    fn critic(&self) -> Option<&dyn Critic> {
        None
    }

    /// Draws images by a code that can be read back from them.
    fn coded(&self) -> Option<&dyn Coded> {
        None
    }

    /// Explains an image by a latent with a Gaussian posterior and a standard normal prior.
    fn latent_variable(&self) -> Option<&dyn LatentVariable> {
        None
    }

    /// Makes images of Gaussian noise by a map that can be differentiated.
    fn pushforward(&self) -> Option<Box<dyn Pushforward + '_>> {
        None
    }
}

/// Draws from the model's distribution.
pub trait Sampler {
    /// The set the samples lie in.
    fn support(&self) -> Support;

    /// Draws `count` images on the support: a VAE's Bernoulli draws, never its means.
    fn sample(&self, count: usize, noise: &mut Noise) -> Split;

    /// Draws `count` images for the eye, where means look better than draws.
    fn picture(&self, count: usize, noise: &mut Noise) -> Split {
        self.sample(count, noise)
    }
}

/// Evaluates the density exactly.
pub trait ExplicitDensity {
    /// The set the density is over.
    fn support(&self) -> Support;

    /// log p(x) of each image, in nats, one per image.
    fn log_density(&self, images: &Split) -> Vec<f64>;
}

/// A density that is a product of conditionals, one per pixel along an ordering. For RGB data
/// "pixel" means each of the three numbers of a pixel.
pub trait Autoregressive {
    /// The pixels in the order in which they are generated: a permutation of `0..pixels`.
    fn ordering(&self) -> Vec<usize>;

    /// The distribution of each pixel given the pixels before it.
    fn conditionals(&self, images: &Split) -> Conditionals;

    /// Draws images from `uniforms`, `[image][position in the ordering]`, each pixel by
    /// [`Family::draw`](crate::Family::draw). As fast as the model allows.
    fn sample_from(&self, uniforms: &[f32]) -> Split;

    /// The same by one full pass per pixel: the oracle of [`Autoregressive::sample_from`].
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

/// The two terms of the evidence lower bound of one image, in nats:
/// ELBO = `reconstruction` - `kl` (Kingma and Welling, 2014, eq. 3).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Elbo {
    /// E_q[log p(x|z)], here with one draw of z.
    pub reconstruction: f64,
    /// KL(q(z|x) || p(z)), in closed form where there is one.
    pub kl: f64,
}

impl Elbo {
    /// The bound itself.
    #[must_use]
    pub fn nats(self) -> f64 {
        self.reconstruction - self.kl
    }
}

/// Bounds the log-density from below, in expectation over the noise.
pub trait DensityBound {
    /// The set the density is over.
    fn support(&self) -> Support;

    /// The bound and its terms, one per image.
    fn elbo(&self, images: &Split, noise: &mut Noise) -> Vec<Elbo>;

    /// log (1/k) sum of k importance weights, one per image: tighter as k grows
    /// (Burda, Grosse and Salakhutdinov, 2016, eq. 8).
    fn iwae(&self, images: &Split, k: usize, noise: &mut Noise) -> Vec<f64>;

    /// Whether the limit of large k is a density that sums to one over the support. It is not where
    /// grey levels are bounded by a density over the line, which has mass outside of them.
    fn is_tight(&self) -> bool {
        true
    }
}

/// Draws images of captions.
pub trait ConditionalSampler {
    /// The set the images lie in.
    fn support(&self) -> Support;

    /// Draws one image of each caption.
    fn sample_for(&self, captions: &Captions, noise: &mut Noise) -> Split;
}

/// Puts parts that do not say where they belong together to a whole image.
pub trait Restorer {
    /// An image of each set of parts, and where its parts are taken to be. Reads the parts' pixels
    /// and nothing else of `parts`.
    fn restore(&self, parts: &Parts, noise: &mut Noise) -> Restored;
}

/// What a [`Restorer`] makes of parts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Restored {
    /// The whole images.
    pub images: Split,
    /// How sure the model is that a part was at each pixel, 0 to 1: `[image][row][column]`.
    pub masks: Vec<f32>,
}

/// Carries images between two domains, the data set's own (A) and its other (B).
pub trait Translator {
    /// Images of A as images of B.
    fn forth(&self, images: &Split) -> Split;

    /// Images of B as images of A.
    fn back(&self, images: &Split) -> Split;
}

/// Represents images by what the model computes of them: a posterior mean, a hidden layer.
pub trait Encoder {
    /// The features of each image.
    fn encode(&self, images: &Split) -> Features;
}

/// Latents of images and of the prior, to be compared: the generator only knows what to do with the
/// latter.
pub trait LatentPrior {
    /// One latent per image, drawn if encoding is random.
    fn encoded(&self, images: &Split, noise: &mut Noise) -> Features;

    /// `count` draws from the prior.
    fn prior(&self, count: usize, noise: &mut Noise) -> Features;
}

/// p(x, z) = N(z; 0, I) p(x|z) with q(z|x) a diagonal Gaussian: all that the exact posterior needs
/// where z is small enough to integrate over.
pub trait LatentVariable {
    /// Numbers in z.
    fn latent(&self) -> usize;

    /// q(z|x) of each image.
    fn posteriors(&self, images: &Split) -> Posteriors;

    /// log p(x|z) in nats of every image for every latent, `[image][latent]`.
    fn log_likelihood(&self, images: &Split, latents: &Features) -> Vec<Vec<f64>>;
}

/// Diagonal Gaussians over latents, one per image.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Posteriors {
    /// Means.
    pub means: Features,
    /// Natural logarithms of variances.
    pub log_variances: Features,
}

/// Features of images, `[image][feature]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Features {
    /// All features, image after image.
    pub values: Vec<f64>,
    /// Numbers per image.
    pub width: usize,
}

/// Features on the host, of `[images, features]`.
impl From<Tensor<2>> for Features {
    fn from(values: Tensor<2>) -> Self {
        let [_, width] = values.dims();
        Self { values: nn::to_host(values).into_iter().map(f64::from).collect(), width }
    }
}

impl Features {
    /// The features of each image.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.values.chunks_exact(self.width.max(1))
    }

    /// Whether every number is finite, and stays so when squared and summed.
    #[must_use]
    pub fn are_sound(&self) -> bool {
        self.values.iter().all(|value| value.abs() < 1e150)
    }
}
