//! The optimal discriminator: a trained D against p_d / (p_d + p_g), and its objective against 2 JSD - log 4.

mod points;
#[cfg(test)]
mod tests;

use data::{DataShape, ExactDensity, Split};
use protocol::{Direction, Kind, Measurement, Problem, Support, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::points::{Figure, Points};
use super::{MeasureConfig, MeasureError, Subject};
use crate::Critic;

/// Binary pixels up to which all images are listed: 65,536 of them.
const LISTED: usize = 16;
/// Images looked at where they cannot all be listed.
const MOST: usize = 100_000;

/// Of a discriminator trained against a fixed generator (Goodfellow et al., 2014, proposition 1 and
/// theorem 1), with p_d the data's density, p_g the generator's and D* = p_d / (p_d + p_g):
///
/// - `discriminator_error`: the mean of |D - D*| over the even mixture of p_d and p_g, and
///   `discriminator_worst`, the largest;
/// - `objective`: E_d log D + E_g log(1 - D), which D raises, and `objective_optimal`, 2 JSD - log 4,
///   which none can exceed; `objective_gap`, the second less the first;
/// - `jsd`: the Jensen-Shannon divergence of p_d and p_g, from 0 to ln 2.
///
/// Over at most 16 binary pixels all are sums over all images, else estimates from test images and as
/// many samples.
#[derive(Default, Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct OptimalDiscriminator {
    /// Of an estimate: test images, and samples, at most; 0 takes as many as there are test images.
    images: usize,
}

const FIGURES: [(&str, Unit, Direction); 6] = [
    ("discriminator_error", Unit::One, Direction::Lower),
    ("discriminator_worst", Unit::One, Direction::Lower),
    ("objective", Unit::Nats, Direction::Neither),
    ("objective_optimal", Unit::Nats, Direction::Neither),
    ("objective_gap", Unit::Nats, Direction::Lower),
    ("jsd", Unit::Nats, Direction::Neither),
];

impl MeasureConfig for OptimalDiscriminator {
    const NAME: &'static str = "optimal_discriminator";
    const ABOUT: &'static str = "a trained D against p_d / (p_d + p_g), and its objective against 2 JSD - log 4";

    fn check(&self, _data: &DataShape) -> Result<(), Problem> {
        if self.images <= MOST {
            return Ok(());
        }
        Err(Problem::new("images", "out of range").help(format!("at most {MOST}; 0 for all test images")))
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let Some(critic) = subject.model.critic() else {
            return Ok(absent("the model has no discriminator against a generator of known density"));
        };
        let Some(truth) = &subject.data.truth else {
            return Ok(absent("the true density of these data is not known"));
        };
        let shape = &subject.data.shape;
        if critic.generator_density().support() != shape.support {
            return Ok(absent("the generator's density is over another support than the data's"));
        }
        let listed = shape.support == Support::Binary && shape.pixels() <= LISTED;
        let points = if listed {
            Points::listed(critic, &**truth, &all_images(shape.pixels()))
        } else {
            let test = &subject.data.test;
            let real = test.take(if self.images == 0 { test.len() } else { self.images });
            let mut noise = subject.noise("measure/optimal_discriminator");
            let fake = critic.generator_sampler().sample(real.len(), &mut noise);
            Points::drawn(critic, &**truth, &real, &fake)
        };
        let kind = if listed { Kind::Exact } else { Kind::Estimate };
        Ok(FIGURES
            .iter()
            .zip(points.figures())
            .map(|(name, figure)| told(*name, figure, kind, shape.support))
            .collect())
    }
}

fn absent(reason: &str) -> Vec<Measurement> {
    FIGURES.map(|(name, unit, direction)| Measurement::absent(name, Kind::Exact, unit, direction, reason)).to_vec()
}

fn told((name, unit, direction): (&str, Unit, Direction), figure: Figure, kind: Kind, support: Support) -> Measurement {
    // Of some images the worst is at most the worst of all.
    let kind = if name == "discriminator_worst" && kind == Kind::Estimate { Kind::LowerBound } else { kind };
    let told = Measurement::new(name, kind, unit, direction, figure.value)
        .with_se(figure.se.unwrap_or(f64::NAN))
        .with_n(figure.n)
        .on(support);
    match figure.remark {
        Some(remark) => told.remark(remark),
        None => told,
    }
}

/// All binary images of so many pixels.
fn all_images(pixels: usize) -> Split {
    let image = |index: usize| (0..pixels).map(move |pixel| (index >> pixel & 1) as f32);
    Split::new((0..1 << pixels).flat_map(image).collect(), pixels)
}

/// log p_d of each image.
fn log_truth(truth: &dyn ExactDensity, images: &Split) -> Vec<f64> {
    images.images().map(|image| truth.log_density(image)).collect()
}

/// log p_d - log p_g and what D says instead, of each image.
fn log_odds(critic: &dyn Critic, truth: &dyn ExactDensity, images: &Split) -> Vec<[f64; 2]> {
    let generator = critic.generator_density().log_density(images);
    let optimal = log_truth(truth, images).into_iter().zip(generator).map(|(data, generator)| data - generator);
    optimal.zip(critic.log_odds(images)).map(|(optimal, trained)| [optimal, trained]).collect()
}
