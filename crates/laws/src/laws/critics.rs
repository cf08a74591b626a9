//! Discriminators against a fixed generator: none exceeds 2 JSD - log 4, and training approaches it.

use std::path::Path;

use data::{Dataset, Split};
use engine::measure::{Subject as Measured, built_in};
use engine::{Critic, ExplicitDensity, GenerativeModel, Sampler};
use protocol::{MeasureSpec, Measurement, Support};
use serde_json::json;

use crate::cells::Cells;
use crate::data::ising;
use crate::defect::{Defect, DefectIn, altered};
use crate::law::{Law, Outcome};
use crate::subject::{Subject, flex};

/// Rounding error of sums of 512 terms in f64, and of D in f32.
const TOLERANCE: f64 = 1e-6;
/// Number of steps after which the generator is fixed.
const FIXED_AFTER: u64 = 4;
const STEPS: u64 = 1_000;
/// Largest fraction of the initial gap that may remain.
const GAP_LEFT: f64 = 0.3;
/// Largest fraction of the initial error that may remain.
const ERROR_LEFT: f64 = 0.6;

pub(super) const CRITICS: Law = Law {
    name: "discriminators_approach_the_optimum",
    statement: "Against a fixed generator, the objective of a discriminator never exceeds 2 JSD - log 4, and training \
                closes most of the gap. The generator must be fixed after 4 steps.",
    tolerance: "1e-6 for identities (sums of 512 terms); 1e-5 for the density of the generator. After 1,000 steps at \
                most 30% of the initial gap and 60% of the initial error of D remain; tiny networks reach half of \
                that.",
    source: "Goodfellow et al., 2014, proposition 1 and theorem 1.",
    in_every_ordering: false,
    check,
    defects: &[
        Defect {
            name: "wrong generator density",
            statement: "the density of the generator is doubled",
            message: "the density of the generator sums to",
            target: DefectIn::Trainer(|trainer| {
                altered(trainer, |model| Altered { model, scale: 1.0, nats: 2f64.ln() })
            }),
        },
        Defect {
            name: "undecided discriminator",
            statement: "the log-odds are multiplied by 0.1",
            message: "of the gap remains",
            target: DefectIn::Trainer(|trainer| altered(trainer, |model| Altered { model, scale: 0.1, nats: 0.0 })),
        },
    ],
};

fn check(subject: &Subject<'_>) -> Outcome {
    if subject.untrained().critic().is_none() {
        return Outcome::DoesNotApply("the model is not a discriminator against a fixed generator");
    }
    let data = ising();
    if !subject.takes(&data.shape) {
        return Outcome::DoesNotApply("the model does not support the 3x3 Ising data");
    }
    nears_the_optimum(&subject.on("Ising", data)).map_err(|how| format!("on Ising data: {how}")).into()
}

fn nears_the_optimum(critic: &Subject<'_>) -> Result<(), String> {
    let device = flex();
    let mut trainer = critic.fresh(0, &device);
    // The generator is fixed from here on, so that the optimum before and after training is the same.
    critic.advance(&mut *trainer, 0, 0..FIXED_AFTER, &device);
    let before = figures(&*trainer.snapshot(), &critic.data)?;
    critic.advance(&mut *trainer, 0, FIXED_AFTER..STEPS, &device);
    let after = figures(&*trainer.snapshot(), &critic.data)?;
    if after.gap >= GAP_LEFT * before.gap {
        return Err(format!("too much of the gap remains: {} of {}", after.gap, before.gap));
    }
    if after.error >= ERROR_LEFT * before.error {
        return Err(format!("too much of the error of D remains: {} of {}", after.error, before.error));
    }
    Ok(())
}

/// Distance of a discriminator from the optimal one.
struct Figures {
    gap: f64,
    error: f64,
}

/// Measures a discriminator, and compares its figures with theorem 1.
fn figures(model: &dyn GenerativeModel, data: &Dataset) -> Result<Figures, String> {
    let figures = measured(model, data)?;
    let value = |name: &str| {
        let figure = figures.iter().find(|figure| figure.name == name);
        figure.and_then(|figure| figure.value).ok_or_else(|| format!("`{name}` has no value"))
    };
    let (objective, optimal, jsd) = (value("objective")?, value("objective_optimal")?, value("jsd")?);
    let all = Cells::of(&data.shape).expect("512 images").images();
    let generator =
        model.critic().ok_or("the trained model has no discriminator")?.generator_density().log_density(&all);
    let total: f64 = generator.iter().map(|nats| nats.exp()).sum();
    let is_one = (total - 1.0).abs() <= 1e-5;
    if !is_one {
        return Err(format!("the density of the generator sums to {total}"));
    }
    if objective > optimal + TOLERANCE {
        return Err(format!("an objective of {objective}, above {optimal}"));
    }
    if !(0.0..=2f64.ln()).contains(&jsd) || (optimal - (2.0 * jsd - 4f64.ln())).abs() >= TOLERANCE {
        return Err(format!("a divergence of {jsd} with an optimum of {optimal}"));
    }
    Ok(Figures { gap: value("objective_gap")?, error: value("discriminator_error")? })
}

fn measured(model: &dyn GenerativeModel, data: &Dataset) -> Result<Vec<Measurement>, String> {
    let spec = MeasureSpec::new("optimal_discriminator", 1, json!({}));
    let nowhere = Path::new("");
    let subject = Measured { model, data, data_sha256: "", seed: 0, dir: nowhere, cache: nowhere };
    let measures = built_in();
    let measure = measures.find(&spec.name).map_err(|problem| problem.to_string())?;
    measure.take(&spec, &subject).map_err(|error| error.to_string())
}

/// Model with the log-odds of the discriminator times `scale`, and a log-density of the generator that is `nats`
/// higher.
struct Altered {
    model: Box<dyn GenerativeModel>,
    scale: f64,
    nats: f64,
}

impl Altered {
    fn inner(&self) -> &dyn Critic {
        self.model.critic().expect("it is a discriminator")
    }
}

impl GenerativeModel for Altered {
    fn parameters(&self) -> u64 {
        self.model.parameters()
    }

    fn critic(&self) -> Option<&dyn Critic> {
        self.model.critic().is_some().then_some(self)
    }
}

impl ExplicitDensity for Altered {
    fn support(&self) -> Support {
        self.inner().generator_density().support()
    }

    fn log_density(&self, images: &Split) -> Vec<f64> {
        self.inner().generator_density().log_density(images).iter().map(|nats| nats + self.nats).collect()
    }
}

impl Critic for Altered {
    fn log_odds(&self, images: &Split) -> Vec<f64> {
        self.inner().log_odds(images).iter().map(|odds| self.scale * odds).collect()
    }

    fn generator_density(&self) -> &dyn ExplicitDensity {
        self
    }

    fn generator_sampler(&self) -> &dyn Sampler {
        self.inner().generator_sampler()
    }
}
