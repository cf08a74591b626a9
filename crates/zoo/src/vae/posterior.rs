//! q(z|x): diagonal Gaussians on the device.

use burn::prelude::*;

/// q(z|x): mean and log-variance, `[batch, latent]` each.
#[derive(Clone, Debug)]
pub(super) struct Posterior {
    pub(super) mean: Tensor<2>,
    pub(super) log_variance: Tensor<2>,
}

impl Posterior {
    /// Returns z = mu + sigma eps.
    pub(super) fn draw(&self, eps: Tensor<2>) -> Tensor<2> {
        self.mean.clone() + (self.log_variance.clone() * 0.5).exp() * eps
    }

    /// KL(q || N(0, I)) of each image, `[batch]`.
    pub(super) fn kl(self) -> Tensor<1> {
        let variance = self.log_variance.clone().exp();
        let terms = self.mean.powi_scalar(2) + variance - self.log_variance - 1.0;
        (terms.sum_dim(1) * 0.5).squeeze_dim(1)
    }

    /// log p(z) - log q(z|x) of z = mu + sigma eps, `[batch]`. The normalising constants of the two
    /// Gaussians cancel.
    pub(super) fn prior_less_posterior(&self, z: Tensor<2>, eps: Tensor<2>) -> Tensor<1> {
        let terms = eps.powi_scalar(2) + self.log_variance.clone() - z.powi_scalar(2);
        (terms.sum_dim(1) * 0.5).squeeze_dim(1)
    }

    /// Repeats every image `k` times in succession, `[batch * k, latent]`.
    pub(super) fn repeat(&self, k: usize) -> Self {
        Self { mean: repeat(self.mean.clone(), k), log_variance: repeat(self.log_variance.clone(), k) }
    }
}

/// Repeats every row `k` times in succession.
pub(super) fn repeat(rows: Tensor<2>, k: usize) -> Tensor<2> {
    let [batch, width] = rows.dims();
    rows.unsqueeze_dim::<3>(1).expand([batch, k, width]).reshape([batch * k, width])
}
