//! Comparison of one figure of a run with the reference's.

use protocol::Direction;
use stats::t_quantile;

use super::reference::Figure;

/// Two-sided confidence of a quality band. A gate checks dozens of figures, so that false alarms must be rare for each.
const CONFIDENCE: f64 = 0.999;
/// Lowest relative band: rounding on another processor can change a figure by this much.
const ROUNDING: f64 = 1e-3;
/// Relative slowdown below which a difference is noise of a shared machine, whatever the spread of the windows.
const SPEED_MARGIN: f64 = 0.35;
/// Steps per gemm above which a step is so short (some 50 microseconds) that caches and the allocator decide its time:
/// two equal runs have differed by a factor of 1.8.
const SHORT_STEP: f64 = 10.0;
/// `SPEED_MARGIN` of such short steps.
const SHORT_STEP_MARGIN: f64 = 0.6;
/// Standard errors of the windows that a slowdown must exceed as well.
const SPEED_ERRORS: f64 = 4.0;

/// Class of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingClass {
    /// Within the band.
    Same,
    /// Better by more than the band: the reference is out of date.
    Better,
    /// Worse by more than the band.
    Worse,
    /// The reference has the figure, the run does not.
    Missing,
    /// The evidence does not suffice.
    Undecided,
}

impl FindingClass {
    /// Word for the table.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Better => "better",
            Self::Worse => "WORSE",
            Self::Missing => "MISSING",
            Self::Undecided => "undecided",
        }
    }
}

/// Result for one figure, with the numbers behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Figure of the reference.
    pub reference: Figure,
    /// Mean of the run; `None` if the run lacks the figure.
    pub mean: Option<f64>,
    /// Largest distance from the reference's mean that counts as the same.
    pub band: Option<f64>,
    /// Class of the finding.
    pub class: FindingClass,
    /// Reason why it is undecided.
    pub reason: Option<String>,
}

impl Finding {
    /// A figure that the run lacks.
    pub(super) fn missing(reference: &Figure) -> Self {
        Self { reference: reference.clone(), mean: None, band: None, class: FindingClass::Missing, reason: None }
    }

    /// Compares a score with a band from the spread between seeds of both runs: t sd sqrt(1/n + 1/n_ref).
    pub(super) fn of_quality(reference: &Figure, found: &Figure) -> Self {
        let (n, n_ref) = (found.n as f64, reference.n as f64);
        let freedom = n + n_ref - 2.0;
        let (Some(sd), Some(sd_ref), true) = (found.sd, reference.sd, freedom >= 2.0) else {
            return Self::undecided(
                reference,
                found,
                "a spread between seeds needs at least two of them on both sides",
            );
        };
        let pooled = (((n - 1.0) * sd * sd + (n_ref - 1.0) * sd_ref * sd_ref) / freedom).sqrt();
        let t = t_quantile(freedom, 0.5 + CONFIDENCE / 2.0).unwrap_or(f64::INFINITY);
        let band = (t * pooled * (1.0 / n + 1.0 / n_ref).sqrt()).max(ROUNDING * reference.mean.abs());
        Self::with_band(reference, found, band)
    }

    /// Compares a speed with a band from the spread between windows of both runs.
    pub(super) fn of_speed(reference: &Figure, found: &Figure, same_cpu: bool) -> Self {
        if !same_cpu {
            return Self::undecided(reference, found, "the reference was timed on another processor");
        }
        let variance = |figure: &Figure| figure.sd.map(|sd| sd * sd / figure.n as f64);
        let (Some(a), Some(b)) = (variance(reference), variance(found)) else {
            return Self::undecided(reference, found, "one window has no spread");
        };
        let margin = if reference.mean > SHORT_STEP { SHORT_STEP_MARGIN } else { SPEED_MARGIN };
        let band = (SPEED_ERRORS * (a + b).sqrt()).max(margin * reference.mean);
        Self::with_band(reference, found, band)
    }

    fn with_band(reference: &Figure, found: &Figure, band: f64) -> Self {
        let change = match reference.direction {
            Direction::Lower => reference.mean - found.mean,
            Direction::Higher | Direction::Neither => found.mean - reference.mean,
        };
        let class = if change < -band {
            FindingClass::Worse
        } else if change > band {
            FindingClass::Better
        } else {
            FindingClass::Same
        };
        Self { reference: reference.clone(), mean: Some(found.mean), band: Some(band), class, reason: None }
    }

    fn undecided(reference: &Figure, found: &Figure, reason: &str) -> Self {
        Self {
            reference: reference.clone(),
            mean: Some(found.mean),
            band: None,
            class: FindingClass::Undecided,
            reason: Some(reason.to_owned()),
        }
    }
}
