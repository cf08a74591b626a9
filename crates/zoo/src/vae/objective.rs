//! Training losses of the VAE.

use engine::{Batch, Objective, Scalars, Step};

use super::config::Bound;
use super::network::Vae;
use super::posterior::repeat;
use crate::faults::{kl_weight, weights_kl};

impl Objective for Vae {
    fn loss(&self, batch: &Batch, at: &Step) -> Scalars {
        match self.training.objective {
            Bound::Elbo => self.negative_elbo(batch, at),
            Bound::Iwae => self.negative_iwae(batch, at),
        }
    }
}

impl Vae {
    fn negative_elbo(&self, batch: &Batch, at: &Step) -> Scalars {
        let eps = self.eps(batch.len(), &mut at.noise("vae/posterior"), &batch.images.device());
        let (reconstruction, kl) = self.terms(batch.images.clone(), eps);
        let (reconstruction, kl) = (reconstruction.mean(), kl.mean());
        let bound = ("negative_elbo", kl.clone() - reconstruction.clone());
        let mut scalars = vec![bound, ("reconstruction", reconstruction.clone()), ("kl", kl.clone())];
        if !self.training.plain || weights_kl() {
            scalars.insert(0, ("loss", kl * self.kl_weight(at.index) - reconstruction));
        }
        Scalars(scalars)
    }

    /// Weight of the KL: rises linearly to `beta` over the warm-up.
    fn kl_weight(&self, step: u64) -> f64 {
        let done = (step + 1) as f64 / self.training.warmup_steps.max(1) as f64;
        kl_weight(self.training.beta * done.min(1.0))
    }

    fn negative_iwae(&self, batch: &Batch, at: &Step) -> Scalars {
        let (rows, k) = (batch.len(), self.training.k);
        let eps = self.eps(rows * k, &mut at.noise("vae/posterior"), &batch.images.device());
        let posterior = self.posterior(batch.images.clone()).repeat(k);
        let z = posterior.draw(eps.clone());
        let log_joint = self.decode(z.clone()).log_prob(repeat(batch.images.clone(), k));
        let log_weights = (log_joint + posterior.prior_less_posterior(z, eps)).reshape([rows, k]);
        let largest = log_weights.clone().max_dim(1).detach();
        let sums = (log_weights - largest.clone()).exp().sum_dim(1).log() + largest;
        Scalars(vec![("negative_iwae", (sums - (k as f64).ln()).mean().neg())])
    }
}
