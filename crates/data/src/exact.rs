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
}
