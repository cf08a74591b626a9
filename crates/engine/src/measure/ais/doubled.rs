//! Gain of annealed importance sampling from twice as many temperatures.

use data::{DataShape, Split};
use protocol::{Direction, Kind, Measurement, Problem, Support, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Ais, MeasureConfig, MeasureError, Run, Subject};
use crate::progress::mean_of_images;

/// Convergence check of `ais`, in nats per image.
///
/// `ais_doubled_gain` is log p(x) of test images with twice `temperatures` minus log p(x) with `temperatures`. Both
/// are lower bounds in expectation, so that a gain near 0 means that more temperatures add little. The settings are
/// those of `ais`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(in crate::measure) struct AisDoubled(Ais);

const FIGURE: (&str, Kind, Direction) = ("ais_doubled_gain", Kind::Estimate, Direction::Neither);

impl MeasureConfig for AisDoubled {
    const NAME: &'static str = "ais_doubled";
    const ABOUT: &'static str = "gain in log p(x) of ais from twice as many temperatures; near 0 if ais has converged";

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        self.0.check(data)
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let (name, kind, direction) = FIGURE;
        Ok(vec![match Ais::target(subject) {
            Ok((model, support)) => Run { ais: self.0.clone(), model: &*model, subject }.gain(support),
            Err(reason) => Measurement::absent(name, kind, Unit::Nats, direction, reason),
        }])
    }
}

impl Run<'_> {
    /// The gain over the same images, with step sizes and observation model of the same pilot run.
    fn gain(&self, support: Support) -> Measurement {
        let (observation, schedule) = self.chosen(support);
        let test: Split = self.subject.data.test.take(self.ais.images);
        let by =
            |temperatures: usize| self.lower(&test, observation, &schedule.with(temperatures), &mut self.noise("test"));
        let (once, twice) = (by(self.ais.temperatures), by(2 * self.ais.temperatures));
        let (name, kind, direction) = FIGURE;
        let gains = once.iter().zip(&twice).map(|(once, twice)| twice - once).collect();
        let remark = format!(
            "{} temperatures against {}; observation model: {}, selected on validation images",
            2 * self.ais.temperatures,
            self.ais.temperatures,
            observation.describe()
        );
        mean_of_images(name, kind, Unit::Nats, direction, gains).on(support).remark(remark)
    }
}
