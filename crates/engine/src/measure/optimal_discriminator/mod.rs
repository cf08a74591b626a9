//! Optimal discriminator: a trained discriminator D against p_d / (p_d + p_g).

mod points;
#[cfg(test)]
mod tests;

use data::{DataShape, ExactDensity, Split};
use protocol::{Control, ControlKind, Direction, Kind, Measurement, Problem, Support, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::points::{Figure, Points};
use super::{MeasureConfig, MeasureError, Subject};
use crate::Critic;

/// Largest number of binary pixels with an enumeration of all images (65,536 images).
const LISTED: usize = 16;
/// Maximum number of images in an estimate.
const MOST: usize = 100_000;

/// Comparison of a trained discriminator D with the optimal one, D* = p_d / (p_d + p_g), for a fixed generator with
/// density p_g and data with density p_d (Goodfellow et al., 2014, proposition 1 and theorem 1).
///
/// - `discriminator_error`: mean of |D - D*| over the mixture of p_d and p_g with equal weights, 0 to 1.
/// - `discriminator_worst`: largest |D - D*|.
/// - `objective`: E_d log D + E_g log(1 - D) in nats, which D maximises.
/// - `objective_optimal`: its maximum 2 JSD - log 4, in nats.
/// - `objective_gap`: `objective_optimal` minus `objective`.
/// - `jsd`: Jensen-Shannon divergence of p_d and p_g in nats, 0 to ln 2.
///
/// For at most 16 binary pixels the figures are exact sums over all images, else estimates from test images and as many
/// samples.
#[derive(Default, Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct OptimalDiscriminator {
    /// Maximum number of test images and of samples in an estimate, at most 100,000; 0 means all test images.
    #[schemars(range(min = 0, max = 100_000))]
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
    const ABOUT: &'static str =
        "trained discriminator D against the optimal one, p_d / (p_d + p_g), and its objective against 2 JSD - log 4";

    fn check(&self, _data: &DataShape) -> Result<(), Problem> {
        if self.images <= MOST {
            return Ok(());
        }
        Err(Problem::new("images", format!("{} is out of range", self.images))
            .help(format!("at most {MOST}; 0 for all test images")))
    }

    fn controls(&self) -> Vec<Control> {
        vec![Control::new("objective", ControlKind::Ceiling, "optimal"), Control::untrained("discriminator_error")]
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let Some(critic) = subject.model.critic() else {
            return Ok(absent("the model has no discriminator for a generator with a known density"));
        };
        let Some(truth) = &subject.data.truth else {
            return Ok(absent("the true density of the data is unknown"));
        };
        let shape = &subject.data.shape;
        if critic.generator_density().support() != shape.support {
            return Ok(absent("the generator's density has another support than the data"));
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
            .map(|(name, figure)| measurement(*name, figure, kind, shape.support))
            .collect())
    }
}

fn absent(reason: &str) -> Vec<Measurement> {
    FIGURES.map(|(name, unit, direction)| Measurement::absent(name, Kind::Exact, unit, direction, reason)).to_vec()
}

fn measurement(
    (name, unit, direction): (&str, Unit, Direction),
    figure: Figure,
    kind: Kind,
    support: Support,
) -> Measurement {
    // The largest error over some images is a lower bound on the largest error over all.
    let kind = if name == "discriminator_worst" && kind == Kind::Estimate { Kind::LowerBound } else { kind };
    let measurement = Measurement::new(name, kind, unit, direction, figure.value)
        .with_se(figure.se.unwrap_or(f64::NAN))
        .with_n(figure.n)
        .on(support);
    match figure.remark {
        Some(remark) => measurement.remark(remark),
        None => measurement,
    }
}

/// All binary images with `pixels` pixels.
fn all_images(pixels: usize) -> Split {
    let image = |index: usize| (0..pixels).map(move |pixel| (index >> pixel & 1) as f32);
    Split::new((0..1 << pixels).flat_map(image).collect(), pixels)
}

/// Log-density log p_d of each image, in nats.
fn log_truth(truth: &dyn ExactDensity, images: &Split) -> Vec<f64> {
    images.images().map(|image| truth.log_density(image)).collect()
}

/// Log-odds of each image: the optimal log p_d - log p_g, and those of the trained D.
fn log_odds(critic: &dyn Critic, truth: &dyn ExactDensity, images: &Split) -> Vec<[f64; 2]> {
    let generator = critic.generator_density().log_density(images);
    let optimal = log_truth(truth, images).into_iter().zip(generator).map(|(data, generator)| data - generator);
    optimal.zip(critic.log_odds(images)).map(|(optimal, trained)| [optimal, trained]).collect()
}
