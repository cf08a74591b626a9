//! Size of the model.

use protocol::{Direction, Kind, Measurement, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MeasureConfig, MeasureError, Subject};

/// Number of free parameters of the model, as the figure `parameters`. The discriminator of a GAN does not count.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Parameters {}

impl MeasureConfig for Parameters {
    const NAME: &'static str = "parameters";
    const ABOUT: &'static str = "number of free parameters of the model";

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let count = subject.model.parameters() as f64;
        Ok(vec![Measurement::new("parameters", Kind::Exact, Unit::Count, Direction::Neither, count)])
    }
}
