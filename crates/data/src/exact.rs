//! Data whose log-density is known exactly.

/// The entropy of a distribution over images, in nats.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entropy {
    /// The entropy.
    pub nats: f64,
    /// Its standard error where it is a Monte Carlo mean of -log p; `None` for a closed form.
    pub se: Option<f64>,
}

/// A data distribution that can be asked for the log-density of any image.
pub trait ExactDensity: Send + Sync {
    /// log p(x) in nats of one image, given as pixels in `[0, 1]`, row by row.
    /// An image outside the support has log-density minus infinity.
    fn log_density(&self, image: &[f32]) -> f64;

    /// The entropy: the lowest NLL that any model can reach.
    fn entropy(&self) -> Entropy;
}
