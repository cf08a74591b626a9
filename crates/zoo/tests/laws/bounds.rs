//! Law 4: E[ELBO] <= E[IWAE-k] <= log p, and KL >= 0.

use data::{Noise, Split};
use engine::progress::mean_se;
use engine::{DensityBound, Elbo};
use protocol::Support;

use crate::subject::{Subject, subject, subjects};

/// Importance draws after which the bound is log p to a fraction of a percent on tiny models.
const MANY: usize = 2_000;

/// The mean over images of (tighter - looser), in standard errors over images.
fn gap(looser: &[f64], tighter: &[f64]) -> (f64, f64) {
    let gaps: Vec<f64> = looser.iter().zip(tighter).map(|(looser, tighter)| tighter - looser).collect();
    let (mean, se) = mean_se(&gaps);
    (mean, se.unwrap_or(0.0))
}

fn obeys(subject: &Subject, bound: &dyn DensityBound) -> Result<(), String> {
    let images = subject.data.test.clone();
    let elbo = bound.elbo(&images, &mut Noise::new(1, "law", 0));
    if let Some(kl) = elbo.iter().map(|elbo| elbo.kl).find(|kl| *kl < -1e-4) {
        return Err(format!("a KL of {kl}"));
    }
    let mut looser: Vec<f64> = elbo.iter().map(|elbo| elbo.nats()).collect();
    for k in [1, 5, 50, MANY] {
        let tighter = bound.iwae(&images, k, &mut Noise::new(2, "law", k as u64));
        let (mean, se) = gap(&looser, &tighter);
        if mean < -4.0 * se {
            return Err(format!("IWAE-{k} is {mean} ± {se} nats above what it must not be below"));
        }
        looser = tighter;
    }
    // log p sums to one over all images, so a bound on it sums to at most one, and one that has
    // converged to just that.
    // Of real values there are many more cells than images, and little is left to chance in their sum.
    let draws = if bound.support() == Support::Real { MANY / 20 } else { MANY };
    let nats = bound.iwae(&subject.all_images(), draws, &mut Noise::new(3, "law", 0));
    let total: f64 = nats.iter().map(|nats| nats.exp() * subject.volume()).sum();
    // A bound on grey levels by a density over the line misses what lies outside [0, 1].
    let over_the_line = matches!(bound.support(), Support::Levels(_)) && subject.entry.name == "rnade";
    let lost = if over_the_line { 1.0 } else { 0.03 };
    if total > 1.02 || total < 1.0 - lost { Err(format!("exp IWAE-{MANY} sums to {total}")) } else { Ok(()) }
}

#[test]
fn bounds_are_ordered_and_converge_to_a_density() {
    let mut asked = 0;
    for subject in subjects() {
        let model = subject.trained();
        let Some(bound) = model.bound() else { continue };
        obeys(&subject, bound).unwrap_or_else(|error| panic!("{subject}: {error}"));
        asked += 1;
    }
    assert!(asked >= 1, "no model with a bound was asked");
}

/// A KL that is weighted, which makes the sum no ELBO and the weights no importance weights.
struct Weighted<'a>(&'a dyn DensityBound);

impl DensityBound for Weighted<'_> {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn elbo(&self, images: &Split, noise: &mut Noise) -> Vec<Elbo> {
        let halved = |elbo: Elbo| Elbo { kl: 0.5 * elbo.kl, ..elbo };
        self.0.elbo(images, noise).into_iter().map(halved).collect()
    }

    fn iwae(&self, images: &Split, k: usize, noise: &mut Noise) -> Vec<f64> {
        let kl: Vec<f64> = self.0.elbo(images, &mut noise.clone()).iter().map(|elbo| 0.5 * elbo.kl).collect();
        self.0.iwae(images, k, noise).iter().zip(kl).map(|(nats, kl)| nats + kl).collect()
    }
}

#[test]
fn a_weighted_kl_is_caught() {
    let vae = subject("vae");
    let model = vae.trained();
    assert!(obeys(&vae, &Weighted(model.bound().expect("a VAE has a bound"))).is_err());
}
