//! Exact negative log-likelihood (NLL) of the test split.

use protocol::{Control, Direction, Kind, Measurement, Support, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::chance::{chance, chance_figure};
use super::{BadModel, MeasureConfig, MeasureError, Subject};
use crate::progress::mean_of_images;

/// Exact negative log-likelihood of test images.
///
/// `nll` is in nats per image; `bits_per_dim` is in bits per pixel channel and absent for real-valued pixels. Lower is
/// better. `nll_chance` and `bits_per_dim_chance` are those of the uniform distribution over all images.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Nll {}

impl MeasureConfig for Nll {
    const NAME: &'static str = "nll";
    const ABOUT: &'static str = "exact negative log-likelihood of test images, in nats and bits/dim";

    fn controls(&self) -> Vec<Control> {
        vec![chance("nll"), chance("bits_per_dim")]
    }

    fn exposes(&self) -> &'static [BadModel] {
        &BadModel::ALL
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let Some(density) = subject.model.density() else {
            let reason = match subject.model.bound() {
                Some(_) => "the model has a lower bound (measure elbo), but no exact density",
                None => "the model has no density",
            };
            let scores = [("nll", Unit::Nats), ("bits_per_dim", Unit::BitsPerDim)]
                .map(|(name, unit)| Measurement::absent(name, Kind::Exact, unit, Direction::Lower, reason));
            return Ok(with_chance(scores, subject));
        };
        let nats: Vec<f64> = density.log_density(&subject.data.test).iter().map(|nats| -nats).collect();
        let figure = |name, unit, factor: f64| {
            let terms = nats.iter().map(|nats| nats * factor).collect();
            mean_of_images(name, Kind::Exact, unit, Direction::Lower, terms).on(density.support())
        };
        let nll = figure("nll", Unit::Nats, 1.0).log_likelihood("nll");
        if density.support() == Support::Real {
            let reason = "bits/dim need grey levels; a density over real-valued pixels is differential";
            let bits = Measurement::absent("bits_per_dim", Kind::Exact, Unit::BitsPerDim, Direction::Lower, reason);
            return Ok(with_chance([nll, bits], subject));
        }
        let bits = figure("bits_per_dim", Unit::BitsPerDim, to_bits(subject));
        Ok(with_chance([nll, bits], subject))
    }
}

/// Bits per dimension of one nat per image.
fn to_bits(subject: &Subject<'_>) -> f64 {
    1.0 / (subject.data.shape.pixels() as f64 * std::f64::consts::LN_2)
}

/// `nll` and `bits_per_dim`, then their controls.
fn with_chance(scores: [Measurement; 2], subject: &Subject<'_>) -> Vec<Measurement> {
    let controls = [chance_figure(&scores[0], subject, -1.0), chance_figure(&scores[1], subject, -to_bits(subject))];
    scores.into_iter().chain(controls).collect()
}
