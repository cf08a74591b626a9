//! Capability of decoders with a likelihood of their own, for annealed importance sampling.

use data::{Noise, Split};
use protocol::Support;

/// Model p(x) = E p(x | k, eps), with Gaussian noise eps ~ N(0, I) and a code k, with [`StochasticDecoder::codes`]
/// equally likely codes. p(x | k, eps) is the distribution from which the model draws its samples.
///
/// A model whose images are a function of noise and have no density, such as a GAN, has
/// [`Pushforward`](super::Pushforward) instead. Other priors are maps of Gaussian noise: see there.
pub trait StochasticDecoder {
    /// Support of the images.
    fn support(&self) -> Support;

    /// Number of noise dimensions.
    fn dims(&self) -> usize;

    /// Number of codes; 1 for a model without codes.
    fn codes(&self) -> usize {
        1
    }

    /// Log-likelihood log p(x | code, eps) in nats of each image for its row of `eps`, `[row][dims]`, and its gradient
    /// with respect to `eps`, in the same shape.
    fn log_likelihood(&self, code: usize, eps: &[f32], images: &Split) -> (Vec<f64>, Vec<f32>);

    /// Draws one image from p(x | code, eps) for every row of `eps`.
    fn draw(&self, code: usize, eps: &[f32], noise: &mut Noise) -> Split;
}
