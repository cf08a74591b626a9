//! Excess nats: divergence of the model from the true density, where the true density is known.

use protocol::{Direction, Kind, Measurement, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MeasureConfig, MeasureError, Subject};
use crate::progress::mean_of_images;

/// Divergence from the true density, for data with a known density.
///
/// `excess_nats` is the mean of log p_true - log p_model over test images, in nats per image: an unbiased estimate of
/// KL(p_true || p_model). Both terms use the same images, so its variance is far below that of NLL minus entropy.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct ExcessNats {}

impl MeasureConfig for ExcessNats {
    const NAME: &'static str = "excess_nats";
    const ABOUT: &'static str =
        "mean of log p_true - log p_model in nats, for data with a known density: an estimate of the KL divergence";

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let absent =
            |reason| Ok(vec![Measurement::absent("excess_nats", Kind::Exact, Unit::Nats, Direction::Lower, reason)]);
        let Some(truth) = &subject.data.truth else {
            return absent("the true density of the data is unknown");
        };
        let (kind, support, model) = if let Some(density) = subject.model.density() {
            (Kind::Exact, density.support(), density.log_density(&subject.data.test))
        } else if let Some(bound) = subject.model.bound() {
            let elbo = bound.elbo(&subject.data.test, &mut subject.noise("measure/elbo"));
            (Kind::UpperBound, bound.support(), elbo.iter().map(|elbo| elbo.nats()).collect())
        } else {
            return absent("the model has no density and no lower bound");
        };
        if support != subject.data.shape.support {
            return absent("the model's density has another support than the data");
        }
        let excess: Vec<f64> =
            subject.data.test.images().zip(model).map(|(image, model)| truth.log_density(image) - model).collect();
        let entropy = truth.entropy();
        let floor = match entropy.se {
            Some(se) => format!("the entropy of the data is {:.4} ± {se:.4} nats (Monte Carlo)", entropy.nats),
            None => format!("the entropy of the data is {:.4} nats (closed form)", entropy.nats),
        };
        let figure = mean_of_images("excess_nats", kind, Unit::Nats, Direction::Lower, excess);
        Ok(vec![figure.on(support).remark(floor)])
    }
}
