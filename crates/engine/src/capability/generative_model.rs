//! A trained model and the capabilities that it can have.

use super::{
    Autoregressive, Coded, ConditionalSampler, Critic, DensityBound, Encoder, ExplicitDensity, LatentPrior,
    LatentVariable, Pushforward, Restorer, Sampler, StochasticDecoder, Translator,
};

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

    /// Likelihood of images given Gaussian noise. A model with it needs no [`GenerativeModel::pushforward`].
    fn stochastic_decoder(&self) -> Option<Box<dyn StochasticDecoder + '_>> {
        None
    }

    /// Images as a differentiable map of Gaussian noise, for a model without a likelihood of its own.
    fn pushforward(&self) -> Option<Box<dyn Pushforward + '_>> {
        None
    }
}
