//! The importance-weighted bound of the test split.

use data::DataShape;
use protocol::{Direction, Kind, Measurement, Problem, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MeasureConfig, MeasureError, Subject};
use crate::progress::mean_of_images;

/// `iwae_K`, in nats per image.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Iwae {
    /// Importance draws per image.
    k: usize,
}

impl Default for Iwae {
    fn default() -> Self {
        Self { k: 50 }
    }
}

impl MeasureConfig for Iwae {
    const NAME: &'static str = "iwae";
    const ABOUT: &'static str = "the importance-weighted bound with k draws: tighter than the ELBO";

    fn check(&self, _data: &DataShape) -> Result<(), Problem> {
        match self.k {
            1..=100_000 => Ok(()),
            _ => Err(Problem::new("k", format!("{} draws make no bound", self.k)).help("between 1 and 100000")),
        }
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let name = format!("iwae_{}", self.k);
        let Some(bound) = subject.model.bound() else {
            let reason = match subject.model.density() {
                Some(_) => "the model's density is exact: see nll",
                None => "the model has no bound on its density",
            };
            return Ok(vec![Measurement::absent(name, Kind::LowerBound, Unit::Nats, Direction::Higher, reason)]);
        };
        let terms = bound.iwae(&subject.data.test, self.k, &mut subject.noise("measure/iwae"));
        let figure = mean_of_images(name, Kind::LowerBound, Unit::Nats, Direction::Higher, terms);
        Ok(vec![figure.on(bound.support())])
    }
}
