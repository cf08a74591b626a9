//! Importance-weighted bound of the test split.

use data::DataShape;
use protocol::{Control, Direction, Kind, Measurement, Problem, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::chance::{chance, chance_figure};
use super::{BadModel, MeasureConfig, MeasureError, Subject};
use crate::progress::mean_of_images;

/// Importance-weighted lower bound `iwae_K` on the log-density of test images with K samples per image, in nats per
/// image (Burda, Grosse and Salakhutdinov, 2016, eq. 8). `iwae_K_chance` is the log-density of the uniform distribution
/// over all images.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Iwae {
    /// Number of importance samples per image, 1 to 100,000. More samples tighten the bound and take proportionally
    /// longer.
    #[schemars(range(min = 1, max = 100_000))]
    k: usize,
}

impl Default for Iwae {
    fn default() -> Self {
        Self { k: 50 }
    }
}

impl MeasureConfig for Iwae {
    const NAME: &'static str = "iwae";
    const ABOUT: &'static str =
        "importance-weighted lower bound on the log-density with k samples; tighter than the ELBO";

    fn check(&self, _data: &DataShape) -> Result<(), Problem> {
        match self.k {
            1..=100_000 => Ok(()),
            _ => Err(Problem::new("k", format!("{} is out of range", self.k)).help("between 1 and 100000")),
        }
    }

    fn controls(&self) -> Vec<Control> {
        vec![chance(format!("iwae_{}", self.k))]
    }

    fn exposes(&self) -> &'static [BadModel] {
        &[BadModel::Untrained, BadModel::Constant]
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let name = format!("iwae_{}", self.k);
        let Some(bound) = subject.model.bound() else {
            let reason = match subject.model.density() {
                Some(_) => "the model has an exact density: see nll",
                None => "the model has no lower bound on its density",
            };
            let figure = Measurement::absent(name, Kind::LowerBound, Unit::Nats, Direction::Higher, reason);
            let control = chance_figure(&figure, subject, 1.0);
            return Ok(vec![figure, control]);
        };
        let terms = bound.iwae(&subject.data.test, self.k, &mut subject.noise("measure/iwae"));
        let figure = mean_of_images(name.clone(), Kind::LowerBound, Unit::Nats, Direction::Higher, terms);
        let figure = figure.on(bound.support()).log_likelihood(name);
        let control = chance_figure(&figure, subject, 1.0);
        Ok(vec![figure, control])
    }
}
