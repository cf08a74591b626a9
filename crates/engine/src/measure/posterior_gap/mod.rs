//! Posterior gap: the terms of log p(x) = ELBO + KL(q || p(z|x)) by quadrature, for one or two latent dimensions.

mod quadrature;
#[cfg(test)]
mod tests;

use data::{DataShape, Noise, Split};
use protocol::{Direction, Kind, Measurement, Problem, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::quadrature::{Nodes, refine};
use super::{MeasureConfig, MeasureError, Subject};
use crate::progress::mean_of_images;
use crate::{DensityBound, Features, LatentVariable, log_sum_exp};

/// Largest change of a figure by a finer quadrature grid, in nats.
const TOLERANCE: f64 = 1e-4;
/// Largest number of latent dimensions for quadrature.
const DIMS: usize = 2;
/// Number of latents per evaluation.
const CHUNK: usize = 4_096;

/// Log-density of test images by quadrature, and its gaps to lower bounds, in nats per image. Needs a model with one or
/// two latent dimensions.
///
/// - `log_p_quadrature`: log p(x).
/// - `posterior_gap`: log p(x) minus the ELBO.
/// - `kl_to_posterior`: KL(q || p(z|x)), which equals `posterior_gap`.
/// - `identity_residual`: absolute difference of both, a check of the model's own terms.
/// - `iwae_<k>_gap`: log p(x) minus the importance-weighted bound with k samples.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct PosteriorGap {
    /// Maximum number of test images; 0 means all.
    images: usize,
    /// Numbers of importance samples of the bounds, each 1 to 100,000.
    draws: Vec<usize>,
}

impl Default for PosteriorGap {
    fn default() -> Self {
        Self { images: 100, draws: vec![1, 10, 100] }
    }
}

const FIGURES: [(&str, Kind); 4] = [
    ("log_p_quadrature", Kind::Exact),
    ("posterior_gap", Kind::Exact),
    ("kl_to_posterior", Kind::Exact),
    ("identity_residual", Kind::Estimate),
];

impl PosteriorGap {
    fn names(&self) -> Vec<(String, Kind)> {
        let exact = FIGURES.map(|(name, kind)| (name.to_owned(), kind));
        exact.into_iter().chain(self.draws.iter().map(|k| (format!("iwae_{k}_gap"), Kind::UpperBound))).collect()
    }

    fn absent(&self, reason: &str) -> Vec<Measurement> {
        let absent = |(name, kind)| Measurement::absent(name, kind, Unit::Nats, Direction::Neither, reason);
        self.names().into_iter().map(absent).collect()
    }
}

impl MeasureConfig for PosteriorGap {
    const NAME: &'static str = "posterior_gap";
    const ABOUT: &'static str =
        "log p(x) by quadrature, KL(q || posterior), and the gaps of ELBO and IWAE, for 1 or 2 latent dimensions";

    fn check(&self, _data: &DataShape) -> Result<(), Problem> {
        match self.draws.iter().find(|k| !(1..=100_000).contains(*k)) {
            Some(k) => Err(Problem::new("draws", format!("{k} is out of range")).help("between 1 and 100000 each")),
            None => Ok(()),
        }
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let (Some(model), Some(bound)) = (subject.model.latent_variable(), subject.model.bound()) else {
            return Ok(self.absent("the model has no posterior over latents"));
        };
        if model.latent() > DIMS {
            let reason = format!("the model has {} latent dimensions; quadrature needs at most {DIMS}", model.latent());
            return Ok(self.absent(&reason));
        }
        let test = &subject.data.test;
        let images = test.take(if self.images == 0 { test.len() } else { self.images });
        let noise = || subject.noise("measure/posterior_gap");
        let Some(terms) = Terms::of(model, bound, &images, &mut noise()) else {
            return Ok(self.absent(&format!("the quadrature does not converge to {TOLERANCE} nats on its finest grid")));
        };
        let gaps = self.draws.iter().map(|k| {
            let iwae = bound.iwae(&images, *k, &mut noise());
            terms.log_p.iter().zip(iwae).map(|(log_p, iwae)| log_p - iwae).collect()
        });
        let columns = [terms.log_p.clone(), terms.gap(), terms.kl.clone(), terms.residual()].into_iter().chain(gaps);
        Ok(self
            .names()
            .into_iter()
            .zip(columns)
            .map(|((name, kind), values)| {
                // The first images of the split: terms per image of other figures begin with the same images.
                let is_log_p = name == FIGURES[0].0;
                let direction = if is_log_p { Direction::Higher } else { Direction::Neither };
                let figure = mean_of_images(name, kind, Unit::Nats, direction, values).on(bound.support());
                if is_log_p { figure.log_likelihood("quadrature") } else { figure }
            })
            .collect())
    }
}

/// The three terms of each image, by three quadrature rules with different nodes.
struct Terms {
    log_p: Vec<f64>,
    elbo: Vec<f64>,
    kl: Vec<f64>,
}

impl Terms {
    fn of(model: &dyn LatentVariable, bound: &dyn DensityBound, images: &Split, noise: &mut Noise) -> Option<Self> {
        let steps = [129, 257, 513, 1_025];
        let log_p = refine(steps.iter().map(|count| log_p(model, images, &Nodes::trapezoid(*count, 8.0))), TOLERANCE)?;
        // The KL to the prior is the model's own, in closed form, so that an error in it breaks the identity.
        let to_prior: Vec<f64> = bound.elbo(images, noise).iter().map(|elbo| elbo.kl).collect();
        // Equal steps instead of Gaussian quadrature, which converges slowly for networks with ReLUs.
        let reconstruct = |count: &usize| expect(model, images, &Nodes::trapezoid(*count, 7.5), |_, _, value| value);
        let reconstruction = refine([49, 97, 193, 385].iter().map(reconstruct), TOLERANCE)?;
        let elbo = reconstruction.iter().zip(&to_prior).map(|(reconstruction, kl)| reconstruction - kl).collect();
        // log p with other nodes, to normalise the posterior.
        let steps = [161, 321, 641, 1_281];
        let normaliser =
            refine(steps.iter().map(|count| self::log_p(model, images, &Nodes::trapezoid(*count, 9.0))), TOLERANCE)?;
        let log_ratio = |t: &[f64], z_and_sd: &[(f64, f64)], value: f64| {
            let of_dim = |(t, (z, sd)): (&f64, &(f64, f64))| 0.5 * (z * z - t * t) - sd.ln();
            t.iter().zip(z_and_sd).map(of_dim).sum::<f64>() - value
        };
        let to_joint = |count: &usize| expect(model, images, &Nodes::trapezoid(*count, 7.0), log_ratio);
        let to_joint = refine([33, 65, 129, 257].iter().map(to_joint), TOLERANCE)?;
        let kl = to_joint.iter().zip(normaliser).map(|(to_joint, normaliser)| to_joint + normaliser).collect();
        Some(Self { log_p, elbo, kl })
    }

    /// Gap log p - ELBO.
    fn gap(&self) -> Vec<f64> {
        self.log_p.iter().zip(&self.elbo).map(|(log_p, elbo)| log_p - elbo).collect()
    }

    /// Residual |log p - ELBO - KL(q || posterior)|.
    fn residual(&self) -> Vec<f64> {
        self.gap().iter().zip(&self.kl).map(|(gap, kl)| (gap - kl).abs()).collect()
    }
}

/// Logarithm of the integral of p(z) p(x|z) over z, one per image.
fn log_p(model: &dyn LatentVariable, images: &Split, nodes: &Nodes) -> Vec<f64> {
    let (latents, ln_weights) = nodes.product(model.latent());
    let mut sums = vec![f64::NEG_INFINITY; images.len()];
    for (z, ln_weights) in latents.values.chunks(CHUNK * latents.width).zip(ln_weights.chunks(CHUNK)) {
        let z = Features { values: z.to_vec(), width: latents.width };
        for (sum, values) in sums.iter_mut().zip(model.log_likelihood(images, &z)) {
            let terms = values.iter().zip(ln_weights).map(|(value, ln_weight)| value + ln_weight);
            *sum = log_sum_exp(terms.chain([*sum]));
        }
    }
    sums
}

/// Expectation E_q[f] of each image with z = mean + sd t, where f takes t, (z, sd) of each dimension, and log p(x|z).
fn expect(
    model: &dyn LatentVariable,
    images: &Split,
    nodes: &Nodes,
    f: impl Fn(&[f64], &[(f64, f64)], f64) -> f64,
) -> Vec<f64> {
    let posteriors = model.posteriors(images);
    let (t, ln_weights) = nodes.product(model.latent());
    let of_image = |(index, (mean, log_variance)): (usize, (&[f64], &[f64]))| {
        let z_and_sd = |t: &[f64]| -> Vec<(f64, f64)> {
            let of_dim = |((mean, log_variance), t): ((&f64, &f64), &f64)| {
                let sd = (0.5 * log_variance).exp();
                (mean + sd * t, sd)
            };
            mean.iter().zip(log_variance).zip(t).map(of_dim).collect()
        };
        let nodes: Vec<_> = t.rows().map(z_and_sd).collect();
        let z = Features { values: nodes.iter().flatten().map(|(z, _)| *z).collect(), width: t.width };
        let values = model.log_likelihood(&images.select(&[index]), &z).swap_remove(0);
        let terms = t.rows().zip(&nodes).zip(values).zip(&ln_weights);
        terms.map(|(((t, node), value), ln_weight)| ln_weight.exp() * f(t, node, value)).sum()
    };
    posteriors.means.rows().zip(posteriors.log_variances.rows()).enumerate().map(of_image).collect()
}
