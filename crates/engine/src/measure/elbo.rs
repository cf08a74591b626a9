//! Evidence lower bound of the test split and its two terms.

use protocol::{Control, Direction, Kind, Measurement, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::chance::{chance, chance_figure};
use super::{BadModel, MeasureConfig, MeasureError, Subject};
use crate::progress::mean_of_images;

/// Evidence lower bound on the log-density of test images, in nats per image.
///
/// `elbo` is `elbo_reconstruction` minus `elbo_kl` (Kingma and Welling, 2014, eq. 3). `elbo_chance` is the log-density
/// of the uniform distribution over all images.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct ElboTerms {}

impl MeasureConfig for ElboTerms {
    const NAME: &'static str = "elbo";
    const ABOUT: &'static str = "evidence lower bound on the log-density of test images in nats, with its two terms";

    fn controls(&self) -> Vec<Control> {
        vec![chance("elbo")]
    }

    fn exposes(&self) -> &'static [BadModel] {
        &[BadModel::Untrained, BadModel::Constant]
    }

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
            let absent = |(name, kind, direction)| Measurement::absent(name, kind, Unit::Nats, direction, reason);
            return Ok(with_chance(TERMS.map(absent).to_vec(), subject));
        };
        let terms = bound.elbo(&subject.data.test, &mut subject.noise("measure/elbo"));
        let columns = [
            terms.iter().map(|term| term.nats()).collect::<Vec<_>>(),
            terms.iter().map(|term| term.reconstruction).collect(),
            terms.iter().map(|term| term.kl).collect(),
        ];
        let figure = |((name, kind, direction), terms): ((&str, Kind, Direction), Vec<f64>)| {
            let figure = mean_of_images(name, kind, Unit::Nats, direction, terms).on(bound.support());
            // The two terms of the bound are no log-likelihoods.
            if kind == Kind::LowerBound { figure.log_likelihood(name) } else { figure }
        };
        Ok(with_chance(TERMS.into_iter().zip(columns).map(figure).collect(), subject))
    }
}

/// The figures, then the control of the first one.
fn with_chance(mut figures: Vec<Measurement>, subject: &Subject<'_>) -> Vec<Measurement> {
    figures.push(chance_figure(&figures[0], subject, 1.0));
    figures
}
