//! Posterior gap: log p(x) = ELBO + KL(q || p(z|x)), all three by quadrature where z is small enough.

mod quadrature;
#[cfg(test)]
mod tests;

use data::{DataShape, Noise, Split};
use protocol::{Direction, Kind, Measurement, Problem, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::quadrature::{Nodes, refine};
use super::{MeasureConfig, MeasureError, Subject};
use crate::progress::mean_se;
use crate::{DensityBound, Features, LatentVariable, log_sum_exp};

/// How much a finer grid may change a figure, in nats.
const TOLERANCE: f64 = 1e-4;
/// Numbers in z that can be integrated over.
const DIMS: usize = 2;
/// Latents scored at once.
const CHUNK: usize = 4_096;

/// log p of test images and its gap to the ELBO and to importance-weighted bounds.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct PosteriorGap {
    /// At most this many test images; 0 takes all.
    images: usize,
    /// The importance draws of the bounds that are compared with log p.
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
        "log p by quadrature, KL(q || posterior), and the gaps of ELBO and IWAE, for 1 or 2 latents";

    fn check(&self, _data: &DataShape) -> Result<(), Problem> {
        match self.draws.iter().find(|k| !(1..=100_000).contains(*k)) {
            Some(k) => Err(Problem::new("draws", format!("{k} draws make no bound")).help("between 1 and 100000 each")),
            None => Ok(()),
        }
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let (Some(model), Some(bound)) = (subject.model.latent_variable(), subject.model.bound()) else {
            return Ok(self.absent("the model has no posterior over latents"));
        };
        if model.latent() > DIMS {
            let reason = format!("{} latent numbers are too many to integrate over: at most {DIMS}", model.latent());
            return Ok(self.absent(&reason));
        }
        let test = &subject.data.test;
        let images = test.take(if self.images == 0 { test.len() } else { self.images });
        let noise = || subject.noise("measure/posterior_gap");
        let Some(terms) = Terms::of(model, bound, &images, &mut noise()) else {
            return Ok(self.absent(&format!("the finest grid still changes by more than {TOLERANCE} nats")));
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
                let (mean, se) = mean_se(&values);
                let direction = if name == "log_p_quadrature" { Direction::Higher } else { Direction::Neither };
                Measurement::new(name, kind, Unit::Nats, direction, mean)
                    .with_se(se.unwrap_or(f64::NAN))
                    .with_n(values.len())
                    .on(bound.support())
            })
            .collect())
    }
}

/// The three terms of each image, by three rules with nodes of their own.
struct Terms {
    log_p: Vec<f64>,
    elbo: Vec<f64>,
    kl: Vec<f64>,
}

impl Terms {
    fn of(model: &dyn LatentVariable, bound: &dyn DensityBound, images: &Split, noise: &mut Noise) -> Option<Self> {
        let steps = [129, 257, 513, 1_025];
        let log_p = refine(steps.iter().map(|count| log_p(model, images, &Nodes::trapezoid(*count, 8.0))), TOLERANCE)?;
        // The closed-form KL to the prior is the model's own: a weight that leaked into it breaks the identity.
        let to_prior: Vec<f64> = bound.elbo(images, noise).iter().map(|elbo| elbo.kl).collect();
        // Equal steps rather than Gauss's nodes: rectified networks have kinks, on which the latter converge slowly.
        let reconstruct = |count: &usize| expect(model, images, &Nodes::trapezoid(*count, 7.5), |_, _, value| value);
        let reconstruction = refine([49, 97, 193, 385].iter().map(reconstruct), TOLERANCE)?;
        let elbo = reconstruction.iter().zip(&to_prior).map(|(reconstruction, kl)| reconstruction - kl).collect();
        // log p once more, by other nodes, to normalise the posterior.
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

    /// log p - ELBO.
    fn gap(&self) -> Vec<f64> {
        self.log_p.iter().zip(&self.elbo).map(|(log_p, elbo)| log_p - elbo).collect()
    }

    /// |log p - ELBO - KL(q || posterior)|.
    fn residual(&self) -> Vec<f64> {
        self.gap().iter().zip(&self.kl).map(|(gap, kl)| (gap - kl).abs()).collect()
    }
}

/// log of the integral of p(z) p(x|z) over z, one per image.
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

/// E_q[f] of each image, with z = mean + sd t: f of t, of (z, sd), and of log p(x|z).
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
        let places: Vec<_> = t.rows().map(z_and_sd).collect();
        let z = Features { values: places.iter().flatten().map(|(z, _)| *z).collect(), width: t.width };
        let values = model.log_likelihood(&images.select(&[index]), &z).swap_remove(0);
        let terms = t.rows().zip(&places).zip(values).zip(&ln_weights);
        terms.map(|(((t, place), value), ln_weight)| ln_weight.exp() * f(t, place, value)).sum()
    };
    posteriors.means.rows().zip(posteriors.log_variances.rows()).enumerate().map(of_image).collect()
}
