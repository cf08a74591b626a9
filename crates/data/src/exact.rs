//! Data whose log-density is known exactly.

/// The entropy of a distribution over images, in nats; differential under a real-valued support,
/// and then of any sign.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entropy {
    /// The entropy.
    pub nats: f64,
    /// Its standard error where it is a Monte Carlo mean of -log p; `None` for a closed form.
    pub se: Option<f64>,
}

/// A data distribution that can be asked for the log-density of any image.
pub trait ExactDensity: Send + Sync {
    /// log p(x) in nats of one image, given as the pixels of [`crate::Split::image`]: of a
    /// probability, or of a density per unit of pixel value where the support is real-valued.
    /// An image outside the support has log-density minus infinity.
    fn log_density(&self, image: &[f32]) -> f64;

    /// The entropy: the lowest NLL that any model can reach.
    fn entropy(&self) -> Entropy;

    /// The distribution's modes, where it has some that can be told apart.
    fn modes(&self) -> Option<&dyn Modes> {
        None
    }
}

/// The modes of a distribution: parts of the space of images, each with a peak of its own.
pub trait Modes {
    /// The probability of each mode.
    fn weights(&self) -> Vec<f64>;

    /// The mode of an image, a place in [`Modes::weights`]. The pixels need not lie on the support:
    /// of binary data, one above a half counts as 1.
    fn of(&self, image: &[f32]) -> usize;
}
