//! Judgement of one figure: bits first, then the interval of the loss against the margin.

use protocol::{Direction, Unit};
use serde::Serialize;
use stats::{Difference, Interval, Part, Verdict};

use super::baseline::BaselineFigure;
use super::margin::Margin;
use super::power::{Needed, Spreads};
use crate::summary::Spread;

/// Smallest standard deviation over pairs, relative to the mean: the rounding of sums. Pairs that all differ by the same
/// amount are evidence, but not certainty.
const ROUNDING: f64 = 1e-9;

/// Judgement of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GateVerdict {
    /// Equal bits for every seed.
    Identical,
    /// Within the margin.
    Equivalent,
    /// Better by more than the margin.
    Better,
    /// Worse by more than the margin.
    Worse,
    /// The evidence does not suffice.
    Undecided,
}

impl GateVerdict {
    /// Judges two counts; fewer is better. Two runs of one program differ at most by `margin`, so there is no interval.
    #[must_use]
    pub fn of_counts(baseline: f64, run: f64, margin: f64) -> Self {
        match run - baseline {
            0.0 => Self::Identical,
            more if more > margin => Self::Worse,
            more if more < -margin => Self::Better,
            _ => Self::Equivalent,
        }
    }

    /// The word for tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Identical => "identical",
            Self::Equivalent => "equivalent",
            Self::Better => "better",
            Self::Worse => "WORSE",
            Self::Undecided => "undecided",
        }
    }
}

/// Pairing of the two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Pairing {
    /// Trials of equal seeds.
    Seeds(usize),
    /// Two sets of seeds of these sizes without a common seed.
    Unpaired(usize, usize),
    /// One seed on one side, against the spread over this many seeds of the other side.
    OneSeed(usize),
    /// One computation without seeds.
    ClosedForm,
}

/// The numbers of a judgement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Judgement {
    /// The verdict.
    pub verdict: GateVerdict,
    /// Pairing of the two sides.
    pub pairing: Pairing,
    /// How much worse the run is, in the unit of the figure; negative if it is better.
    pub loss: f64,
    /// Confidence interval of the loss at the level of the run; `None` without an error.
    #[serde(serialize_with = "interval")]
    pub interval: Option<Interval>,
    /// Smallest loss that this comparison sees with a probability of 80%.
    pub visible_loss: Option<f64>,
    /// Addition that would decide an undecided comparison.
    pub needed: Option<Needed>,
    /// Reason or remark.
    pub reason: Option<String>,
}

fn interval<S: serde::Serializer>(interval: &Option<Interval>, to: S) -> Result<S::Ok, S::Error> {
    interval.map(|interval| [interval.low, interval.high]).serialize(to)
}

/// Judges a figure of a run. `level` is the coverage of the interval.
pub(super) fn judge(
    baseline: &BaselineFigure,
    run: &BaselineFigure,
    is_closed_form: bool,
    margin: Margin,
    level: f64,
) -> Judgement {
    let sign = if run.figure.direction == Direction::Higher { -1.0 } else { 1.0 };
    let pairs: Vec<(f64, f64)> =
        run.values.iter().filter_map(|ours| Some((baseline.of_seed(ours.seed)?, ours.value))).collect();
    let one_computation = is_closed_form && matches!(run.figure.unit, Unit::Nats | Unit::BitsPerDim);
    let (baseline_mean, run_mean) = (baseline.mean().unwrap_or_default(), run.mean().unwrap_or_default());
    let is_equal = if one_computation {
        let all = || baseline.values.iter().chain(&run.values).map(|one| one.value.to_bits());
        all().all(|bits| Some(bits) == all().next())
    } else {
        pairs.iter().all(|(before, after)| before.to_bits() == after.to_bits())
    };
    let same_sets = pairs.len() == baseline.values.len() && pairs.len() == run.values.len();
    let losses: Vec<f64> = pairs.iter().map(|(before, after)| sign * (after - before)).collect();
    let mean = |losses: &[f64]| Spread::of(losses).map(|spread| spread.mean);
    let of_means = sign * (run_mean - baseline_mean);
    let images = part_of_images(baseline, run, same_sets || one_computation);
    let unclear = |pairing, loss, reason: &str| Judgement {
        verdict: GateVerdict::Undecided,
        pairing,
        loss,
        interval: None,
        visible_loss: None,
        needed: None,
        reason: Some(reason.to_owned()),
    };
    let has_all_pairs = pairs.len() == baseline.values.len().min(run.values.len());
    if is_equal && (one_computation || (!pairs.is_empty() && has_all_pairs)) {
        let pairing = if one_computation { Pairing::ClosedForm } else { Pairing::Seeds(pairs.len()) };
        return Judgement {
            verdict: GateVerdict::Identical,
            interval: None,
            reason: None,
            ..unclear(pairing, 0.0, "")
        };
    }
    let floor = ROUNDING * baseline_mean.abs();
    let (pairing, loss, spreads, n) = if one_computation {
        let known = images.unwrap_or(Part { variance: 0.0, degrees: f64::INFINITY });
        let images = Some(Part { variance: known.variance + floor * floor, ..known });
        (Pairing::ClosedForm, of_means, Spreads { sd: [None, None], images }, 1)
    } else if let (Some(loss), Some(sd)) = (mean(&losses), Spread::of(&losses).and_then(|spread| spread.sd)) {
        let spreads = Spreads { sd: [Some(sd.max(floor)), None], images };
        (Pairing::Seeds(losses.len()), loss, spreads, losses.len())
    } else if let (Some(before), Some(after)) = (sd(baseline), sd(run)) {
        let (before_n, after_n) = (baseline.values.len(), run.values.len());
        let spreads = Spreads { sd: [Some(after.max(floor)), Some(before.max(floor))], images };
        (Pairing::Unpaired(before_n, after_n), of_means, spreads, before_n.min(after_n))
    } else if let Some((known, n)) = spread_of_the_other_side(baseline, run) {
        // The single seed is assumed to vary as those of the other side do.
        let sd = Some(known.max(floor));
        (Pairing::OneSeed(n), of_means, Spreads { sd: [sd, sd], images }, 1)
    } else {
        let seeds = Pairing::Seeds(pairs.len());
        return unclear(seeds, mean(&losses).unwrap_or(of_means), "one seed shows no spread: run more seeds");
    };
    let Some(difference) = error(&spreads, pairing, loss, n) else {
        return unclear(pairing, loss, "the error of the difference is unknown");
    };
    let Some(interval) = difference.interval(level) else {
        return unclear(pairing, loss, "the error of the difference is unknown");
    };
    let verdict = match Verdict::of_loss(interval, margin.value) {
        Verdict::Better => GateVerdict::Better,
        Verdict::Worse => GateVerdict::Worse,
        Verdict::Equivalent => GateVerdict::Equivalent,
        Verdict::Undecided => GateVerdict::Undecided,
    };
    let is_open = verdict == GateVerdict::Undecided;
    Judgement {
        verdict,
        pairing,
        loss,
        interval: Some(interval),
        visible_loss: difference.visible(level, super::power::POWER).map(|beyond| margin.value + beyond),
        needed: is_open.then(|| spreads.needed(loss, margin.value, n.max(2), level)),
        reason: None,
    }
}

/// The difference with its error at the numbers of seeds of this comparison.
fn error(spreads: &Spreads, pairing: Pairing, loss: f64, n: usize) -> Option<Difference> {
    let of_side = |sd: Option<f64>, n: usize| sd.and_then(|sd| Part::of_mean(sd, n));
    let parts = match pairing {
        Pairing::Seeds(_) => return spreads.at(loss, n),
        Pairing::ClosedForm => return Difference::of(loss, &spreads.images.into_iter().collect::<Vec<_>>()),
        Pairing::Unpaired(before, after) => {
            [of_side(spreads.sd[0], after), of_side(spreads.sd[1], before), spreads.images]
        }
        // The variances of a mean over `known` seeds and of one seed: sd^2 / known + sd^2.
        Pairing::OneSeed(known) => {
            let mean = of_side(spreads.sd[0], known);
            [mean.map(|part| Part { variance: part.variance * (1 + known) as f64, ..part }), spreads.images, None]
        }
    };
    Difference::cautious(loss, &parts.into_iter().flatten().collect::<Vec<_>>())
}

/// Standard deviation over the seeds of one side, and their number, if the other side has one seed.
fn spread_of_the_other_side(baseline: &BaselineFigure, run: &BaselineFigure) -> Option<(f64, usize)> {
    let sides = [(baseline, run), (run, baseline)];
    let (many, _) = sides.into_iter().find(|(many, one)| many.values.len() > 1 && one.values.len() == 1)?;
    Some((sd(many)?, many.values.len()))
}

fn sd(figure: &BaselineFigure) -> Option<f64> {
    Spread::of(&figure.values()).and_then(|spread| spread.sd)
}

/// The part of the test images: of differences per image if both sides kept their terms for the same seeds, or for sets of
/// seeds without pairs; else from both standard errors, as if the images were different ones. Only log-likelihoods have it:
/// draws of samples are part of the spread over seeds.
fn part_of_images(baseline: &BaselineFigure, run: &BaselineFigure, same_sets: bool) -> Option<Part> {
    let has_pairs = run.values.iter().any(|ours| baseline.of_seed(ours.seed).is_some());
    let terms = baseline.terms.as_ref().zip(run.terms.as_ref()).filter(|_| same_sets || !has_pairs);
    if let Some(part) = terms.and_then(|(before, after)| before.part(after, run.n)) {
        return Some(part);
    }
    let is_mean_of_terms = matches!(run.figure.unit, Unit::Nats | Unit::BitsPerDim) && run.figure.support.is_some();
    let (before, after) = (baseline.se?, run.se.filter(|_| is_mean_of_terms)?);
    let degrees = run.n.map_or(f64::INFINITY, |n| (n as f64 - 1.0).max(1.0));
    Some(Part { variance: before * before + after * after, degrees })
}
