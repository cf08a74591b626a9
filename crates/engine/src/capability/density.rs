//! Samples and exact densities.

use data::{Binarize, Noise, Split};
use protocol::Support;

use crate::Conditionals;

/// Sampler of the model's distribution.
pub trait Sampler {
    /// Support of the samples.
    fn support(&self) -> Support;

    /// Draws `count` images on the support. Pixels are draws, not means: for example, the Bernoulli draws of a VAE.
    ///
    /// Equal noise must give equal images.
    fn sample(&self, count: usize, noise: &mut Noise) -> Split;

    /// Support of the draws after `rule`, the binarization of the data. Measures that compare samples with binarized images
    /// apply the rule to draws whose support it changes.
    ///
    /// By default the rule makes real numbers from 0 to 1 binary, because they are grey levels like those of the data before
    /// the rule, and leaves other draws as they are.
    fn support_after(&self, rule: Binarize) -> Support {
        match self.support() {
            Support::Continuous if rule.is_binary() => Support::Binary,
            support => support,
        }
    }

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
/// For RGB data a "pixel" is one number: each position has three. Models whose density is exactly this product implement
/// [`ProductOfConditionals`](super::ProductOfConditionals), too, and get [`ExplicitDensity`] and [`Sampler`] from it.
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
