//! Exact negative log-likelihood (NLL) of the test split.

use protocol::{Direction, Kind, Measurement, Support, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MeasureConfig, MeasureError, Subject};
use crate::progress::mean_of_images;

/// Exact negative log-likelihood of test images.
///
/// `nll` is in nats per image; `bits_per_dim` is in bits per pixel channel and absent for real-valued pixels. Lower is
/// better.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Nll {}

impl MeasureConfig for Nll {
    const NAME: &'static str = "nll";
    const ABOUT: &'static str = "exact negative log-likelihood of test images, in nats and bits/dim";

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let Some(density) = subject.model.density() else {
            let reason = match subject.model.bound() {
                Some(_) => "the model has a lower bound, but no exact density: see elbo",
                None => "the model has no density",
            };
            return Ok([("nll", Unit::Nats), ("bits_per_dim", Unit::BitsPerDim)]
                .map(|(name, unit)| Measurement::absent(name, Kind::Exact, unit, Direction::Lower, reason))
                .to_vec());
        };
        let nats: Vec<f64> = density.log_density(&subject.data.test).iter().map(|nats| -nats).collect();
        let figure = |name, unit, factor: f64| {
            let terms = nats.iter().map(|nats| nats * factor).collect();
            mean_of_images(name, Kind::Exact, unit, Direction::Lower, terms).on(density.support())
        };
        let nll = figure("nll", Unit::Nats, 1.0);
        if density.support() == Support::Real {
            let reason = "bits/dim need grey levels; a density over real-valued pixels is differential";
            let bits = Measurement::absent("bits_per_dim", Kind::Exact, Unit::BitsPerDim, Direction::Lower, reason);
            return Ok(vec![nll, bits]);
        }
        let to_bits = 1.0 / (subject.data.shape.pixels() as f64 * std::f64::consts::LN_2);
        Ok(vec![nll, figure("bits_per_dim", Unit::BitsPerDim, to_bits)])
    }
}
