//! Collapse of a sampler: much less variety than the data.

mod modes;
mod variety;

#[cfg(test)]
mod tests;

use data::DataShape;
use protocol::{COLLAPSED, Control, Direction, Kind, Measurement, Problem, Support, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::modes::Coverage;
pub(super) use self::modes::Partition;
use self::variety::Variety;
use super::{BadModel, MeasureConfig, MeasureError, Subject};

/// Ratio of mean distances below which samples are too similar.
const SPREAD: f64 = 0.5;
/// Share of samples with a twin above which samples repeat few images, if at most [`REAL_TWINS`] of the real images
/// have a twin.
const TWINS: f64 = 0.5;
const REAL_TWINS: f64 = 0.1;

/// Detection of a collapsed sampler, which has much less variety than the data.
///
/// `collapsed` is 1 if one of these rules holds, else 0:
///
/// - Modes: samples cover at most half of the modes of the data. Modes are those of the true density if it has modes,
///   else the classes by the frozen classifier of `fid_proxy`. A mode is covered if its share of samples is at least a
///   tenth of its probability.
/// - Spread: the mean distance between samples is below half of the mean distance between test images.
/// - Twins: more than half of the samples have a twin, and at most a tenth of the test images. A twin is closer than a
///   tenth of the median distance of a test image to its nearest neighbour. The rule does not apply if the modes are
///   those of the true density.
///
/// Other figures: `modes_covered`, a number of modes; `mode_kl`, KL(samples || data) over modes in nats; `spread`, the
/// ratio of mean distances; `twins`, the share of samples with a twin; `mode_kl_real` and `twins_real`, the same for as
/// many test images.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Collapse {
    /// Maximum number of samples and of test images, 20 to 10,000.
    #[schemars(range(min = 20, max = 10_000))]
    samples: usize,
}

impl Default for Collapse {
    fn default() -> Self {
        Self { samples: 1_000 }
    }
}

impl MeasureConfig for Collapse {
    const NAME: &'static str = "collapse";
    const ABOUT: &'static str =
        "whether samples have much less variety than the data: modes covered, distances, repetitions";

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        if !(20..=10_000).contains(&self.samples) {
            return Err(
                Problem::new("samples", format!("{} is out of range", self.samples)).help("between 20 and 10000")
            );
        }
        if data.test < 20 {
            return Err(Problem::new("", format!("{} test images are too few to compare with", data.test))
                .help("at least 20 test images"));
        }
        Ok(())
    }

    fn controls(&self) -> Vec<Control> {
        ["mode_kl", "twins"].map(Control::real).to_vec()
    }

    fn exposes(&self) -> &'static [BadModel] {
        // Twins of a memoriser are seen only if the samples are many for the training images.
        &[BadModel::Untrained, BadModel::Constant, BadModel::Marginals]
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let absent = |reason: &str| {
            let absent = |(name, unit, direction)| Measurement::absent(name, Kind::Estimate, unit, direction, reason);
            FIGURES.map(absent).to_vec()
        };
        let Some(sampler) = subject.model.sampler() else { return Ok(absent("the model has no sampler")) };
        let real = subject.data.test.take(self.samples);
        let fake = match subject.samples(sampler, real.len(), "measure/collapse") {
            Ok(fake) => fake,
            Err(reason) => return Ok(absent(reason)),
        };
        let partition = Partition::of(subject)?;
        let coverage = partition.as_ref().map_err(Clone::clone).and_then(|partition| partition.coverage(&real, &fake));
        let diagnosis = Diagnosis { coverage, variety: Variety::of(&real, &fake) };
        Ok(diagnosis.figures(sampler.support(), real.len()))
    }
}

const FIGURES: [(&str, Unit, Direction); 7] = [
    (COLLAPSED, Unit::One, Direction::Lower),
    ("modes_covered", Unit::Count, Direction::Higher),
    ("mode_kl", Unit::Nats, Direction::Lower),
    ("mode_kl_real", Unit::Nats, Direction::Neither),
    ("spread", Unit::One, Direction::Neither),
    ("twins", Unit::One, Direction::Lower),
    ("twins_real", Unit::One, Direction::Neither),
];

/// Coverage of modes and variety of samples.
struct Diagnosis {
    /// Coverage, or the reason why it is unknown.
    coverage: Result<Coverage, String>,
    variety: Variety,
}

impl Diagnosis {
    /// Descriptions of the rules that hold; empty if none holds.
    fn symptoms(&self) -> Vec<String> {
        let Variety { spread, twins, twins_real } = self.variety;
        let mut symptoms = Vec::new();
        let mut add = |holds: bool, description: String| symptoms.extend(holds.then_some(description));
        if let Ok(coverage) = &self.coverage {
            add(2 * coverage.covered <= coverage.modes && coverage.modes > 1, coverage.describe());
        }
        let description = |spread| format!("samples are {spread:.2} times as far apart as test images");
        add(spread.is_some_and(|spread| spread < SPREAD), spread.map(description).unwrap_or_default());
        let stated = self.coverage.as_ref().is_ok_and(|coverage| coverage.stated);
        let is_repeating = twins > TWINS && twins_real <= REAL_TWINS && !stated;
        add(
            is_repeating,
            format!("{:.0}% of samples and {:.0}% of test images have a twin", 100.0 * twins, 100.0 * twins_real),
        );
        symptoms
    }

    fn figures(&self, support: Support, n: usize) -> Vec<Measurement> {
        let symptoms = self.symptoms();
        let Variety { spread, twins, twins_real } = self.variety;
        let of_modes = |value: fn(&Coverage) -> f64| self.coverage.as_ref().map(value).map_err(String::as_str);
        let values = [
            Ok(f64::from(u8::from(!symptoms.is_empty()))),
            of_modes(|coverage| coverage.covered as f64),
            of_modes(|coverage| coverage.kl),
            of_modes(|coverage| coverage.kl_real),
            spread.ok_or("all test images are equal"),
            Ok(twins),
            Ok(twins_real),
        ];
        let figure = |((name, unit, direction), value): ((&str, Unit, Direction), Result<f64, &str>)| match value {
            Ok(value) => Measurement::new(name, Kind::Estimate, unit, direction, value).with_n(n).on(support),
            Err(reason) => Measurement::absent(name, Kind::Estimate, unit, direction, reason),
        };
        let mut figures: Vec<_> = FIGURES.into_iter().zip(values).map(figure).collect();
        if !symptoms.is_empty() {
            figures[0] = figures[0].clone().remark(symptoms.join("; "));
        }
        if let Ok(coverage) = &self.coverage {
            figures[1] = figures[1].clone().remark(coverage.describe());
        }
        figures
    }
}
