//! Distributions with an exactly known log-density.

/// Entropy of a distribution over images, in nats. On a real-valued support it is a differential entropy and can be
/// negative.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entropy {
    /// The entropy in nats.
    pub nats: f64,
    /// Standard error, if the entropy is a Monte Carlo mean of -log p; `None` for a closed form.
    pub se: Option<f64>,
}

/// A distribution of images with a log-density for every image.
pub trait ExactDensity: Send + Sync {
    /// log p(x) in nats of one image, given as the pixels of [`crate::Split::image`]. On a real-valued support p is a
    /// density per unit of pixel value, else a probability. An image outside the support has log-density minus infinity.
    fn log_density(&self, image: &[f32]) -> f64;

    /// The entropy: the lowest NLL that any model can reach.
    fn entropy(&self) -> Entropy;

    /// The modes of the distribution, if it has distinct ones.
    fn modes(&self) -> Option<&dyn Modes> {
        None
    }
}

/// The modes of a distribution: regions of the space of images, each with a peak.
pub trait Modes {
    /// The probability of each mode.
    fn weights(&self) -> Vec<f64>;

    /// The mode of an image, as an index into [`Modes::weights`]. The pixels may lie outside of the support: for binary
    /// data, a pixel above 0.5 counts as 1.
    fn of(&self, image: &[f32]) -> usize;
}
