//! A figure of a trial, with everything that a comparison needs: unit, direction, kind, number of images, support.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Control, DeviceUsed, Host, Likelihood};

/// Name of the figure that is 1 if a trained model has collapsed, else 0. Tables count collapsed trials with the failed
/// ones and leave them out of means.
pub const COLLAPSED: &str = "collapsed";

/// Returns whether a figure is 0 or 1 for each trained model, so that its mean over seeds is a rate.
#[must_use]
pub fn is_rate(figure: &str) -> bool {
    [COLLAPSED, "latent_reached"].contains(&figure)
}

/// Relation of a figure to the quantity that it is named after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The quantity itself, up to the sampling error of the test set.
    Exact,
    /// At most the quantity, in expectation.
    LowerBound,
    /// At least the quantity, in expectation.
    UpperBound,
    /// An estimate without a known direction of its error.
    Estimate,
}

/// Direction in which a figure is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Smaller is better.
    Lower,
    /// Larger is better.
    Higher,
    /// Neither direction is better: a description, not a score.
    Neither,
}

/// The unit of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Nats per image.
    Nats,
    /// Bits per dimension: per pixel and channel.
    BitsPerDim,
    /// Images per second.
    ImagesPerSecond,
    /// Optimisation steps per second.
    StepsPerSecond,
    /// Seconds.
    Seconds,
    /// Mebibytes.
    Mebibytes,
    /// A count.
    Count,
    /// A pure number.
    One,
}

/// Set in which the pixels of a density or of samples lie.
///
/// On [`Support::Binary`] and [`Support::Levels`] a density is a probability. On the other two it is a differential
/// density: its nats can be negative, shift with the unit of the pixels, and are never comparable with those of a
/// probability.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Support {
    /// Every pixel is 0 or 1.
    Binary,
    /// Every pixel is one of this many equally spaced grey levels from 0 to 1.
    Levels(u16),
    /// Every pixel is a real number from 0 to 1.
    Continuous,
    /// Every pixel is any real number.
    Real,
}

macro_rules! display_words {
    ($type:ty { $($variant:ident => $word:literal),+ $(,)? }) => {
        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(match self { $(Self::$variant => $word),+ })
            }
        }
    };
}

display_words!(Kind {
    Exact => "exact", LowerBound => "lower_bound", UpperBound => "upper_bound", Estimate => "estimate",
});
display_words!(Direction { Lower => "lower", Higher => "higher", Neither => "neither" });
display_words!(Unit {
    Nats => "nats", BitsPerDim => "bits_per_dim", ImagesPerSecond => "images_per_s",
    StepsPerSecond => "steps_per_s", Seconds => "s", Mebibytes => "MiB", Count => "count", One => "1",
});

impl std::fmt::Display for Support {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Binary => f.pad("binary"),
            Self::Levels(levels) => f.pad(&format!("{levels}_levels")),
            Self::Continuous => f.pad("continuous"),
            Self::Real => f.pad("real"),
        }
    }
}

/// What a speed depends on, and where it was measured.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Machine {
    /// Model name of the processor.
    pub cpu: String,
    /// Name of the adapter; empty if the processor does the work.
    pub adapter: String,
    /// Host name. Two hosts of one processor model and adapter count as one machine.
    pub host: String,
}

impl Machine {
    /// The machine of a trial.
    #[must_use]
    pub fn of(host: &Host, device: Option<&DeviceUsed>) -> Self {
        let adapter = device.map(|device| device.adapter.clone()).filter(|adapter| *adapter != host.cpu);
        Self { cpu: host.cpu.clone(), adapter: adapter.unwrap_or_default(), host: host.name.clone() }
    }

    /// Processor and adapter in words; `None` if neither is known.
    #[must_use]
    pub fn words(&self) -> Option<String> {
        let parts: Vec<&str> = [&*self.cpu, &*self.adapter].into_iter().filter(|part| !part.is_empty()).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

/// A figure with its unit, direction, kind, number of images and support, or the reason for its absence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measurement {
    /// Name of the figure and of its column, such as `nll` or `iwae_50`.
    pub name: String,
    /// The measure that returns it, such as `iwae`. A measure can return several figures.
    pub measure: String,
    /// Resolved settings of the measure.
    pub settings: Value,
    /// Version of the measure. Figures of different versions are not compared.
    pub version: u32,
    /// The value, finite; `None` if it does not apply or could not be computed.
    pub value: Option<f64>,
    /// Standard error of the mean over the `n` images or draws; `None` if the figure has none.
    pub se: Option<f64>,
    /// Number of images, draws or windows.
    pub n: Option<u64>,
    /// Relation to the quantity that it is named after.
    pub kind: Kind,
    /// Its unit.
    pub unit: Unit,
    /// Direction in which it is better.
    pub direction: Direction,
    /// The support of the density or of the samples, for figures that depend on it.
    pub support: Option<Support>,
    /// Reason for the absence of a value, or a remark on the value, such as a null floor or a shared machine.
    pub reason: Option<String>,
    /// `true` if it may differ between two runs of the same trial (time, memory).
    pub volatile: bool,
    /// The machine of a figure of the timing pass; `None` for figures that were taken where the trial was trained.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<Box<Machine>>,
    /// Figure that this control belongs to; `None` for other figures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control: Option<Control>,
    /// Role on the common scale of log-likelihood; `None` for other figures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub likelihood: Option<Likelihood>,
    /// Terms whose mean is the value, one per test image in the order of the split; empty for other figures. They are
    /// stored in a file of their own ([`TrialDir::per_image`](crate::TrialDir::per_image)), not in the record.
    #[serde(skip)]
    pub per_image: Vec<f64>,
}

impl Measurement {
    /// A figure with this value.
    ///
    /// A value that is not finite becomes an absent one with a reason.
    #[must_use]
    pub fn new(name: impl Into<String>, kind: Kind, unit: Unit, direction: Direction, value: f64) -> Self {
        let finite = value.is_finite();
        Self {
            name: name.into(),
            measure: String::new(),
            settings: Value::Null,
            version: 1,
            value: finite.then_some(value),
            se: None,
            n: None,
            kind,
            unit,
            direction,
            support: None,
            reason: (!finite).then(|| format!("the figure is not finite ({value})")),
            volatile: false,
            machine: None,
            control: None,
            likelihood: None,
            per_image: Vec::new(),
        }
    }

    /// A figure without a value, with the reason.
    #[must_use]
    pub fn absent(
        name: impl Into<String>,
        kind: Kind,
        unit: Unit,
        direction: Direction,
        reason: impl Into<String>,
    ) -> Self {
        Self { value: None, reason: Some(reason.into()), ..Self::new(name, kind, unit, direction, 0.0) }
    }

    /// Sets the standard error. One that is not finite, such as that of a single image, is dropped.
    #[must_use]
    pub fn with_se(self, se: f64) -> Self {
        Self { se: se.is_finite().then_some(se), ..self }
    }

    /// Sets the machine on which the timing pass took the figure.
    #[must_use]
    pub fn on_machine(self, machine: Machine) -> Self {
        Self { machine: Some(Box::new(machine)), ..self }
    }

    /// Sets the number of images.
    #[must_use]
    pub fn with_n(self, n: usize) -> Self {
        Self { n: Some(n as u64), ..self }
    }

    /// Sets the terms whose mean is the value, one per test image.
    #[must_use]
    pub fn of_images(self, terms: Vec<f64>) -> Self {
        Self { per_image: terms, ..self }
    }

    /// Declares the figure as the mean log-likelihood of test images by this estimator, such as `iwae_50`: exact, a bound or an
    /// estimate, as its kind states; the negative if lower is better. Tables compare such figures on one scale.
    #[must_use]
    pub fn log_likelihood(self, estimator: impl Into<String>) -> Self {
        Self { likelihood: Some(Likelihood::value(estimator)), ..self }
    }

    /// Declares the figure as the mean distance of the lower bound `of` from an upper one, on images drawn from the model.
    #[must_use]
    pub fn log_likelihood_gap(self, of: impl Into<String>) -> Self {
        Self { likelihood: Some(Likelihood::gap(of)), ..self }
    }

    /// Sets the support of the density or of the samples.
    #[must_use]
    pub fn on(self, support: Support) -> Self {
        Self { support: Some(support), ..self }
    }

    /// Sets a remark on the value.
    #[must_use]
    pub fn remark(self, reason: impl Into<String>) -> Self {
        Self { reason: Some(reason.into()), ..self }
    }

    /// Marks the figure as one that differs from run to run.
    #[must_use]
    pub fn volatile(self) -> Self {
        Self { volatile: true, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_a_number_is_absent_with_a_reason_never_a_value() {
        let figure = Measurement::new("nll", Kind::Exact, Unit::Nats, Direction::Lower, f64::NAN);
        assert_eq!(figure.value, None);
        assert!(figure.reason.unwrap().contains("NaN"));
    }

    #[test]
    fn a_support_survives_serialisation() {
        let written = [Support::Binary, Support::Levels(4), Support::Continuous, Support::Real].map(|support| {
            let json = serde_json::to_string(&support).unwrap();
            assert_eq!(serde_json::from_str::<Support>(&json).unwrap(), support);
            format!("{support} {json}")
        });
        assert_eq!(
            written,
            [r#"binary "binary""#, r#"4_levels {"levels":4}"#, r#"continuous "continuous""#, r#"real "real""#]
        );
    }

    #[test]
    fn the_standard_error_of_one_image_is_not_zero() {
        let figure = Measurement::new("nll", Kind::Exact, Unit::Nats, Direction::Lower, 1.0);
        assert_eq!(figure.with_se(f64::NAN).se, None);
    }
}
