//! The size of the model.

use protocol::{Direction, Kind, Measurement, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MeasureConfig, MeasureError, Subject};

/// `parameters`: free parameters of the model that is measured (a GAN's critic not counted).
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Parameters {}

impl MeasureConfig for Parameters {
    const NAME: &'static str = "parameters";
    const ABOUT: &'static str = "free parameters of the model that is measured";

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let count = subject.model.parameters() as f64;
        Ok(vec![Measurement::new("parameters", Kind::Exact, Unit::Count, Direction::Neither, count)])
    }
}
