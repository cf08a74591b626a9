//! A discriminator and what it was trained against.

use data::Split;

use super::{ExplicitDensity, Sampler};

/// Tells data from the samples of a generator that stays as it is and whose density is known, so
/// that the best discriminator there is, p_d / (p_d + p_g), can be stated beside it.
pub trait Critic {
    /// log D(x) / (1 - D(x)) of each image, one per image: the log-odds of being data.
    fn log_odds(&self, images: &Split) -> Vec<f64>;

    /// p_g.
    fn generator_density(&self) -> &dyn ExplicitDensity;

    /// Draws from p_g.
    fn generator_sampler(&self) -> &dyn Sampler;
}
