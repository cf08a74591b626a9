//! One figure of one trial, with all that is needed to compare it honestly.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The figure that says whether a trained model has collapsed: 1 if it has, else 0. Tables count it
/// with the trials that failed.
pub const COLLAPSED: &str = "collapsed";

/// How a figure stands to the quantity it is named after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The quantity itself, up to the test set's sampling error.
    Exact,
    /// Not above the quantity (in expectation).
    LowerBound,
    /// Not below the quantity (in expectation).
    UpperBound,
    /// Neither: an estimate.
    Estimate,
}

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Smaller is better.
    Lower,
    /// Larger is better.
    Higher,
    /// A description, not a score.
    Neither,
}

/// The unit of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Natural-log units per image.
    Nats,
    /// Bits per pixel channel.
    BitsPerDim,
    /// Images per second.
    ImagesPerSecond,
    /// Optimisation steps per second.
    StepsPerSecond,
    /// Seconds.
    Seconds,
    /// Mebibytes.
    Mebibytes,
    /// Things counted.
    Count,
    /// A pure number.
    One,
}

/// The set of images that a density is a density over, or that samples lie in.
///
/// Over [`Support::Binary`] and [`Support::Levels`] a density is a probability. Over the other two
/// its nats are differential: they can be negative, they shift with the unit of the pixels, and
/// they are never comparable with those of a probability.
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

/// A figure with its unit, direction, kind, sample size and support; or the reason there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measurement {
    /// The column it goes to, such as `nll` or `iwae_50`.
    pub name: String,
    /// The measure that produced it, such as `iwae`; one measure can yield several figures.
    pub measure: String,
    /// The measure's resolved settings.
    pub settings: Value,
    /// The measure's version; a changed definition is another figure.
    pub version: u32,
    /// The figure, finite; `None` means it does not apply or could not be had.
    pub value: Option<f64>,
    /// Its standard error over what it was averaged over; `None` where there is none.
    pub se: Option<f64>,
    /// How many images (or draws, or windows) it rests on.
    pub n: Option<u64>,
    /// How it stands to the quantity it is named after.
    pub kind: Kind,
    /// Its unit.
    pub unit: Unit,
    /// Which way is better.
    pub direction: Direction,
    /// The support of the density or of the samples, for figures that depend on it.
    pub support: Option<Support>,
    /// Why there is no value, or what to know about the value (a null floor, a shared machine).
    pub reason: Option<String>,
    /// Whether it may differ between two runs of the same trial (time, memory).
    pub volatile: bool,
    /// The terms whose mean it is, one for each test image in the order of the split; empty if it is no such mean. They
    /// have a file of their own ([`TrialDir::per_image`](crate::TrialDir::per_image)), not a place in the record.
    #[serde(skip)]
    pub per_image: Vec<f64>,
}

impl Measurement {
    /// A figure that rests on `n` images.
    ///
    /// A value that is not finite becomes an absent one whose reason says so.
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
            per_image: Vec::new(),
        }
    }

    /// The statement that a figure does not apply, and why.
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

    /// With a standard error (dropped if not finite: a standard error of one image is not zero).
    #[must_use]
    pub fn with_se(self, se: f64) -> Self {
        Self { se: se.is_finite().then_some(se), ..self }
    }

    /// With the number of images it rests on.
    #[must_use]
    pub fn with_n(self, n: usize) -> Self {
        Self { n: Some(n as u64), ..self }
    }

    /// With the terms whose mean it is, one for each test image.
    #[must_use]
    pub fn of_images(self, terms: Vec<f64>) -> Self {
        Self { per_image: terms, ..self }
    }

    /// With the support of the density or samples.
    #[must_use]
    pub fn on(self, support: Support) -> Self {
        Self { support: Some(support), ..self }
    }

    /// With a remark.
    #[must_use]
    pub fn remark(self, reason: impl Into<String>) -> Self {
        Self { reason: Some(reason.into()), ..self }
    }

    /// Marked as differing from run to run.
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
    fn a_support_is_read_as_it_is_written() {
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
