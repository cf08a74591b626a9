//! Bounds: E[ELBO] <= E[IWAE-k] <= log p, and KL >= 0.

use data::{Noise, Split};
use engine::progress::mean_se;
use engine::{DensityBound, Elbo, GenerativeModel};
use protocol::Support;

use crate::cells::Cells;
use crate::defect::{Defect, DefectIn, altered};
use crate::law::{Law, Outcome};
use crate::subject::Subject;

/// Number of importance draws with which the bound of tiny models is within a fraction of a percent of log p.
const MANY: usize = 2_000;
/// Standard errors over test images by which a looser bound may exceed a tighter one.
const ERRORS: f64 = 4.0;
/// Smallest KL, below 0 because terms in f32 cancel.
const KL: f64 = -1e-4;
/// Largest sum of exp IWAE over all images.
const SUM: f64 = 1.02;
/// Largest part of the sum that may be missing.
const MISSING: f64 = 0.03;

pub(super) const BOUNDS: Law = Law {
    name: "bounds_are_ordered",
    statement: "KL >= 0, E[ELBO] <= E[IWAE-k], IWAE grows with k, and its limit is a density that sums to one.",
    tolerance: "4 standard errors over 256 test images; KL above -1e-4 (cancellation in f32); exp IWAE-2000 sums to \
                0.97 to 1.02 over all images, because of the bias and noise of the bound. A bound whose limit is not a \
                density over the support (`DensityBound::is_tight` is false) may sum to less.",
    source: "Kingma and Welling, 2014, eq. 3; Burda, Grosse and Salakhutdinov, 2016, theorem 1.",
    in_every_ordering: false,
    check,
    defects: &[
        Defect {
            name: "weighted KL",
            statement: "only half of the KL is subtracted, so that the result is not a bound",
            message: "IWAE-2000 sums to",
            target: DefectIn::Trainer(|trainer| altered(trainer, |model| Altered { model, kl: 0.5, iwae: 0.0 })),
        },
        Defect {
            name: "negative KL",
            statement: "the KL has the wrong sign",
            message: "KL of -",
            target: DefectIn::Trainer(|trainer| altered(trainer, |model| Altered { model, kl: -1.0, iwae: 0.0 })),
        },
        Defect {
            name: "loose IWAE",
            statement: "IWAE is 1 nat too low",
            message: "below a looser bound",
            target: DefectIn::Trainer(|trainer| altered(trainer, |model| Altered { model, kl: 1.0, iwae: -1.0 })),
        },
    ],
};

fn check(subject: &Subject<'_>) -> Outcome {
    match subject.capability(|model| model.bound()) {
        Some(bound) => {
            let ordered = is_ordered(&subject.data.test, bound);
            ordered.and_then(|()| subject.cells().map_or(Ok(()), |cells| sums_to_one(&cells, bound))).into()
        }
        None => Outcome::DoesNotApply("the model has no bound on its density"),
    }
}

/// Mean over images of (tighter - looser), and its standard error.
fn gap(looser: &[f64], tighter: &[f64]) -> (f64, f64) {
    let gaps: Vec<f64> = looser.iter().zip(tighter).map(|(looser, tighter)| tighter - looser).collect();
    let (mean, se) = mean_se(&gaps);
    (mean, se.unwrap_or(0.0))
}

fn is_ordered(images: &Split, bound: &dyn DensityBound) -> Result<(), String> {
    let elbo = bound.elbo(images, &mut Noise::new(1, "law", 0));
    if let Some(kl) = elbo.iter().map(|elbo| elbo.kl).find(|kl| *kl < KL) {
        return Err(format!("a KL of {kl}"));
    }
    let mut looser: Vec<f64> = elbo.iter().map(|elbo| elbo.nats()).collect();
    for k in [1, 5, 50, MANY] {
        let tighter = bound.iwae(images, k, &mut Noise::new(2, "law", k as u64));
        let (mean, se) = gap(&looser, &tighter);
        if mean < -ERRORS * se {
            return Err(format!("IWAE-{k} is {} ± {se} nats below a looser bound", -mean));
        }
        looser = tighter;
    }
    Ok(())
}

/// Checks the sum of exp IWAE over all images: p sums to 1, a lower bound to at most 1, and a converged bound to 1.
fn sums_to_one(cells: &Cells, bound: &dyn DensityBound) -> Result<(), String> {
    // There are many more cells of real values than images, so that their sum has little noise.
    let draws = if bound.support() == Support::Real { MANY / 20 } else { MANY };
    let nats = bound.iwae(&cells.images(), draws, &mut Noise::new(3, "law", 0));
    let total: f64 = nats.iter().map(|nats| nats.exp() * cells.volume()).sum();
    let missing = if bound.is_tight() { MISSING } else { 1.0 };
    if total > SUM || total < 1.0 - missing { Err(format!("exp IWAE-{MANY} sums to {total}")) } else { Ok(()) }
}

/// Model that weights the KL by `kl` in both bounds, and adds `iwae` to the tighter bound.
struct Altered {
    model: Box<dyn GenerativeModel>,
    kl: f64,
    iwae: f64,
}

impl Altered {
    fn inner(&self) -> &dyn DensityBound {
        self.model.bound().expect("it has a bound")
    }
}

impl GenerativeModel for Altered {
    fn parameters(&self) -> u64 {
        self.model.parameters()
    }

    fn bound(&self) -> Option<&dyn DensityBound> {
        self.model.bound().is_some().then_some(self)
    }
}

impl DensityBound for Altered {
    fn support(&self) -> Support {
        self.inner().support()
    }

    fn elbo(&self, images: &Split, noise: &mut Noise) -> Vec<Elbo> {
        let weighted = |elbo: Elbo| Elbo { kl: self.kl * elbo.kl, ..elbo };
        self.inner().elbo(images, noise).into_iter().map(weighted).collect()
    }

    fn iwae(&self, images: &Split, k: usize, noise: &mut Noise) -> Vec<f64> {
        let kl = self.inner().elbo(images, &mut noise.clone()).into_iter().map(|elbo| (1.0 - self.kl) * elbo.kl);
        self.inner().iwae(images, k, noise).iter().zip(kl).map(|(nats, kl)| nats + kl + self.iwae).collect()
    }
}
