//! Gain of annealed importance sampling from twice as many temperatures.

use data::{DataShape, Split};
use protocol::{Direction, Kind, Measurement, Problem, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Ais, Chosen, Likelihood, MeasureConfig, MeasureError, PREFIXES, Run, Subject};
use crate::progress::mean_of_images;

/// Convergence check of `ais`, in nats per image.
///
/// `ais_doubled_gain` is log p(x) of test images with twice `temperatures` minus log p(x) with `temperatures`. Both
/// are lower bounds in expectation, so that a gain near 0 means that more temperatures add little.
/// `ais_observed_doubled_gain` is that of `ais_observed`. The settings are those of `ais`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(in crate::measure) struct AisDoubled(Ais);

const FIGURE: (&str, Kind, Direction) = ("_doubled_gain", Kind::Estimate, Direction::Neither);

impl MeasureConfig for AisDoubled {
    const NAME: &'static str = "ais_doubled";
    const ABOUT: &'static str = "gain in log p(x) of ais from twice as many temperatures; near 0 if ais has converged";

    /// 2: the model's own likelihood, and temperatures spaced by the pilot run.
    const VERSION: u32 = 2;

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        self.0.check(data)
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let figure = |prefix| match Likelihood::of(subject, prefix) {
            Ok(likelihood) => Run { ais: self.0.clone(), likelihood: &likelihood, subject }.gain(prefix),
            Err(reason) => {
                let (name, kind, direction) = FIGURE;
                Measurement::absent(format!("{prefix}{name}"), kind, Unit::Nats, direction, reason)
            }
        };
        Ok(PREFIXES.into_iter().map(figure).collect())
    }
}

impl Run<'_> {
    /// The gain over the same images, with the likelihood, distances and step sizes of the same pilot run.
    fn gain(&self, prefix: &str) -> Measurement {
        let Chosen { decoder, schedule, about } = self.chosen();
        let test: Split = self.subject.data.test.take(self.ais.images);
        let by =
            |temperatures: usize| self.lower(&test, decoder, &schedule.with(temperatures), &mut self.noise("test"));
        let (once, twice) = (by(self.ais.temperatures), by(2 * self.ais.temperatures));
        let (name, kind, direction) = FIGURE;
        let gains = once.iter().zip(&twice).map(|(once, twice)| twice - once).collect();
        let remark = format!("{} temperatures against {}; {about}", 2 * self.ais.temperatures, self.ais.temperatures);
        let figure = mean_of_images(format!("{prefix}{name}"), kind, Unit::Nats, direction, gains);
        figure.on(decoder.support()).remark(remark)
    }
}
