//! Evidence lower bound of the test split and its two terms.

use protocol::{Direction, Kind, Measurement, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MeasureConfig, MeasureError, Subject};
use crate::progress::mean_of_images;

/// Evidence lower bound on the log-density of test images, in nats per image.
///
/// `elbo` is `elbo_reconstruction` minus `elbo_kl` (Kingma and Welling, 2014, eq. 3).
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct ElboTerms {}

impl MeasureConfig for ElboTerms {
    const NAME: &'static str = "elbo";
    const ABOUT: &'static str = "evidence lower bound on the log-density of test images in nats, with its two terms";

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        const TERMS: [(&str, Kind, Direction); 3] = [
            ("elbo", Kind::LowerBound, Direction::Higher),
            ("elbo_reconstruction", Kind::Estimate, Direction::Neither),
            ("elbo_kl", Kind::Estimate, Direction::Neither),
        ];
        let Some(bound) = subject.model.bound() else {
            let reason = match subject.model.density() {
                Some(_) => "the model has an exact density: see nll",
                None => "the model has no lower bound on its density",
            };
            return Ok(TERMS
                .map(|(name, kind, direction)| Measurement::absent(name, kind, Unit::Nats, direction, reason))
                .to_vec());
        };
        let terms = bound.elbo(&subject.data.test, &mut subject.noise("measure/elbo"));
        let columns = [
            terms.iter().map(|term| term.nats()).collect::<Vec<_>>(),
            terms.iter().map(|term| term.reconstruction).collect(),
            terms.iter().map(|term| term.kl).collect(),
        ];
        Ok(TERMS
            .iter()
            .zip(columns)
            .map(|(&(name, kind, direction), terms)| {
                mean_of_images(name, kind, Unit::Nats, direction, terms).on(bound.support())
            })
            .collect())
    }
}
