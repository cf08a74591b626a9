//! Lower bounds on the log-density.

use data::{Noise, Split};
use protocol::Support;

/// Terms of the evidence lower bound of one image, in nats: ELBO = `reconstruction` - `kl` (Kingma and Welling, 2014,
/// eq. 3).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Elbo {
    /// Reconstruction term E_q[log p(x|z)], estimated with one draw of z.
    pub reconstruction: f64,
    /// KL divergence KL(q(z|x) || p(z)), in closed form if one exists.
    pub kl: f64,
}

impl Elbo {
    /// The lower bound in nats.
    #[must_use]
    pub fn nats(self) -> f64 {
        self.reconstruction - self.kl
    }
}

/// Lower bound on the log-density, in expectation over the noise.
pub trait DensityBound {
    /// Support of the density.
    fn support(&self) -> Support;

    /// Terms of the ELBO, one per image.
    fn elbo(&self, images: &Split, noise: &mut Noise) -> Vec<Elbo>;

    /// Importance-weighted bound in nats, one per image: the logarithm of the mean of `k` importance weights (Burda,
    /// Grosse and Salakhutdinov, 2016, eq. 8). It tightens as `k` grows; `k` is at least 1.
    fn iwae(&self, images: &Split, k: usize, noise: &mut Noise) -> Vec<f64>;

    /// Returns whether the limit of large `k` is a density that sums to 1 over the support.
    ///
    /// It does not if a density over real numbers bounds the probability of grey levels, because it has mass outside of
    /// them. The laws check the sum only if this is true.
    fn is_tight(&self) -> bool {
        true
    }
}
