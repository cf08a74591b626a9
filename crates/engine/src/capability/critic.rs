//! Capability of a discriminator with a fixed generator.

use data::Split;

use super::{ExplicitDensity, Sampler};

/// Discriminator between data and samples of a fixed generator with a known density.
///
/// The optimal discriminator is p_d / (p_d + p_g), so that the trained one can be compared with it.
pub trait Critic {
    /// Log-odds log(D(x) / (1 - D(x))) that each image is data, one per image.
    fn log_odds(&self, images: &Split) -> Vec<f64>;

    /// Density p_g of the generator.
    fn generator_density(&self) -> &dyn ExplicitDensity;

    /// Sampler of the generator.
    fn generator_sampler(&self) -> &dyn Sampler;
}
