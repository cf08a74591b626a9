//! Sampler and exact density of a product of conditionals.

use data::{Noise, Split};
use protocol::Support;

use super::{Autoregressive, ExplicitDensity, Sampler};

/// An autoregressive model whose density is the product of its [`Conditionals`](crate::Conditionals).
///
/// Such a model gets [`ExplicitDensity`] from [`Autoregressive::conditionals`] and [`Sampler`] from
/// [`Autoregressive::sample_from`]. A model with a more precise density (such as a table in f64) or with a mixture of
/// orderings implements both traits itself.
pub trait ProductOfConditionals: Autoregressive {
    /// Support of the images.
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
