//! Images as a smooth map of Gaussian noise: what annealing needs of a decoder or a generator.

/// x = G(k, eps) with eps ~ N(0, I) and a code k, each of [`Pushforward::codes`] equally likely. Where the
/// model draws pixels around G, G is their mean.
///
/// Priors that are not Gaussian are smooth maps of it: a uniform number is the normal distribution function
/// of eps, a mixture is a code and a Gaussian.
pub trait Pushforward {
    /// Numbers in eps.
    fn dims(&self) -> usize;

    /// How many codes there are; 1 if there is no choice.
    fn codes(&self) -> usize {
        1
    }

    /// G of every row of `eps`, `[row][dims]`, with one code: `[row][pixel]`.
    fn decode(&self, code: usize, eps: &[f32]) -> Vec<f32>;

    /// Calls `slopes` with G, and returns the gradient of the sum of G times what it answers,
    /// `[row][dims]`.
    fn pull(&self, code: usize, eps: &[f32], slopes: &mut dyn FnMut(&[f32]) -> Vec<f32>) -> Vec<f32>;
}
