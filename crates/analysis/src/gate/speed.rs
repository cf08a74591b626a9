//! Speed against a stored baseline.
//!
//! A speed is the number of training steps in the time of a fixed unit of work on the same device, both timed in alternating
//! windows of the same process: a matrix product on the CPU, a chain of elementwise operations elsewhere. The quotient separates a slower program from a slower machine, but only within a machine class.

use protocol::Direction;
use protocol::timing::STEPS_PER_UNIT;
use serde::Serialize;
use stats::{Interval, Verdict};

use super::baseline::BaselineFigure;
use super::judge::GateVerdict;

/// Relative slowdown that does not matter.
pub(super) const MARGIN: f64 = 0.05;
/// Assumed standard deviation of the logarithm of a speed between two processes that run the same program.
const BETWEEN_PROCESSES: f64 = 0.10;
/// Steps per product above which a step is so short (some 50 microseconds) that caches and the allocator decide its time.
const SHORT_STEP: f64 = 10.0;
/// Assumed standard deviation of the logarithm for such short steps: two equal runs have differed by a factor of 1.8.
const BETWEEN_PROCESSES_SHORT: f64 = 0.25;
/// Quantile of the normal distribution for an interval of 99%.
const QUANTILE: f64 = 2.576;

/// Judgement of a speed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SpeedJudgement {
    /// The verdict.
    pub verdict: GateVerdict,
    /// Speed of the run divided by that of the baseline; `None` if they were timed on machines of different classes.
    pub ratio: Option<f64>,
    /// 99% confidence interval of the ratio.
    #[serde(skip)]
    pub interval: Option<Interval>,
    /// Largest ratio that this comparison can call slower, beyond the margin.
    pub visible_ratio: Option<f64>,
    /// Reason of an undecided verdict.
    pub reason: Option<String>,
}

/// Judges a speed by the ratio to that of the baseline, on a machine of the same class.
pub(super) fn judge_speed(baseline: &BaselineFigure, run: &BaselineFigure) -> SpeedJudgement {
    let undecided = |reason: &str| SpeedJudgement {
        verdict: GateVerdict::Undecided,
        ratio: None,
        interval: None,
        visible_ratio: None,
        reason: Some(reason.to_owned()),
    };
    if baseline.figure.machine != run.figure.machine {
        return undecided("the baseline was timed on another machine");
    }
    if baseline.figure.name != run.figure.name {
        return undecided("the baseline has its speed in another unit");
    }
    let (Some(before), Some(after)) = (baseline.mean(), run.mean()) else { return undecided("there is no speed") };
    let (Some(before_se), Some(after_se)) = (baseline.se, run.se) else { return undecided("one window has no spread") };
    let between = if before > SHORT_STEP { BETWEEN_PROCESSES_SHORT } else { BETWEEN_PROCESSES };
    let variance = (before_se / before).powi(2) + (after_se / after).powi(2) + 2.0 * between * between;
    if !(before > 0.0 && after > 0.0 && variance.is_finite()) {
        return undecided("a speed is not above 0");
    }
    let half = QUANTILE * variance.sqrt();
    let log_ratio = (after / before).ln();
    let margin = -(1.0 - MARGIN).ln();
    // The loss is the logarithm of how much slower the run is.
    let loss = Interval { low: -log_ratio - half, high: -log_ratio + half };
    let verdict = match Verdict::of_loss(loss, margin) {
        Verdict::Worse => GateVerdict::Worse,
        Verdict::Better => GateVerdict::Better,
        Verdict::Equivalent => GateVerdict::Equivalent,
        Verdict::Undecided => GateVerdict::Undecided,
    };
    let visible = (-(margin + half)).exp();
    SpeedJudgement {
        verdict,
        ratio: Some(after / before),
        interval: Some(Interval { low: (log_ratio - half).exp(), high: (log_ratio + half).exp() }),
        visible_ratio: Some(visible),
        reason: (verdict == GateVerdict::Undecided)
            .then(|| format!("sees a ratio below {visible:.2}; `--against-build` sees smaller losses")),
    }
}

/// Returns whether a figure is a speed that this module judges.
pub(super) fn is_speed(figure: &crate::summary::Figure) -> bool {
    STEPS_PER_UNIT.contains(&figure.name.as_str()) && figure.direction == Direction::Higher
}
