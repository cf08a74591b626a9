//! Sampling and exact density of a product of conditionals.

use data::{Noise, Split};
use protocol::Support;

use super::{Autoregressive, ExplicitDensity, Sampler};

/// An autoregressive model whose density is the product of its [`Conditionals`](crate::Conditionals).
///
/// It gets [`ExplicitDensity`] and [`Sampler`] from [`Autoregressive::conditionals`] and
/// [`Autoregressive::sample_from`]. A model with a more precise density (a table in f64) or a mixture of orderings
/// implements those two itself.
pub trait ProductOfConditionals: Autoregressive {
    /// The set of the images.
    fn support(&self) -> Support;
}

impl<M: ProductOfConditionals> ExplicitDensity for M {
    fn support(&self) -> Support {
        ProductOfConditionals::support(self)
    }

    fn log_density(&self, images: &Split) -> Vec<f64> {
        self.conditionals(images).log_density(images)
    }
}

impl<M: ProductOfConditionals> Sampler for M {
    fn support(&self) -> Support {
        ProductOfConditionals::support(self)
    }

    fn sample(&self, count: usize, noise: &mut Noise) -> Split {
        self.sample_from(&noise.uniforms(count * self.ordering().len()))
    }
}
