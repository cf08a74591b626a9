//! Capability of generators without a density: images as a smooth map of Gaussian noise, for annealed importance sampling.

/// Map x = G(k, eps) of Gaussian noise eps ~ N(0, I) and a code k, with [`Pushforward::codes`] equally likely codes.
///
/// A model that draws pixels around G is a [`StochasticDecoder`](super::StochasticDecoder) instead. Other priors are maps of Gaussian noise, too: a uniform
/// number is the normal distribution function of eps, and a mixture is a code with a Gaussian.
pub trait Pushforward {
    /// Number of noise dimensions.
    fn dims(&self) -> usize;

    /// Number of codes; 1 for a model without codes.
    fn codes(&self) -> usize {
        1
    }

    /// Image G(code, eps) of every row of `eps`, `[row][dims]`: `[row][pixel]`.
    fn decode(&self, code: usize, eps: &[f32]) -> Vec<f32>;

    /// Vector-Jacobian product: the gradient with respect to `eps`, `[row][dims]`.
    ///
    /// `gradient` receives the images `[row][pixel]` and returns the derivatives with respect to their pixels, in the
    /// same shape.
    fn pull(&self, code: usize, eps: &[f32], gradient: &mut dyn FnMut(&[f32]) -> Vec<f32>) -> Vec<f32>;
}
