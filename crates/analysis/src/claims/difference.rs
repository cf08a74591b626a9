//! Difference of the two sides of a comparison, with the reasons that forbid a decision.

use protocol::text::count;
use protocol::{Direction, Quantity};

use super::bounds::Uncertain;
use super::estimate::Estimate;
use super::expression::Results;
use super::sample::Sample;
use super::samples::{Found, Samples, not_run};

/// Left side minus right side of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Difference {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) value: Uncertain,
    /// `true` if nothing in it was drawn: numbers, facts and exact counts.
    pub(super) is_exact: bool,
    /// `true` if a number in it has lost digits.
    pub(super) is_rounded: bool,
    /// Variants with lost seeds that a negative difference favours, then those that a positive one favours.
    pub(super) favoured: [Vec<String>; 2],
    /// Variants with lost seeds, in words.
    pub(super) lost: Vec<String>,
    /// Remarks on the numbers.
    pub(super) remarks: Vec<String>,
}

impl Difference {
    /// The difference of two quantities.
    ///
    /// # Errors
    /// The reason why it cannot be tested.
    pub(super) fn of(samples: &Samples<'_>, left: &Quantity, right: &Quantity) -> Result<Self, String> {
        let mut results = Results::default();
        let a = results.expression(samples, left)?;
        let b = results.expression(samples, right)?;
        let sides = (a.value, b.value);
        let difference = a.minus(&b);
        refuse_unfinished(&results)?;
        let used = |at: &usize| difference.slopes.get(at).copied();
        let means: Vec<(f64, &Sample)> = results.means().filter_map(|(at, one)| Some((used(&at)?, one))).collect();
        refuse_machines(&means)?;
        let (favoured, lost) = lost(&means);
        let mut remarks = Vec::new();
        if !difference.is_linear {
            remarks.push("error to first order".to_owned());
        }
        if means.iter().any(|(_, one)| one.data != means[0].1.data) {
            remarks.push("on different data sets".to_owned());
        }
        remarks.extend(lost.iter().cloned());
        let rates = results.found.iter().enumerate().filter_map(|(at, found)| match found {
            Found::Rate { rate, .. } => Some((used(&at)?, *rate)),
            Found::Mean(_) => None,
        });
        let rates = rates.collect();
        let estimate = Estimate::of(&difference, &results)?;
        for variant in estimate.iter().flat_map(|estimate| &estimate.flat) {
            remarks
                .push(format!("all seeds of {variant} have one value: the spread of the other side is used for both"));
        }
        let value = Uncertain { value: difference.value, means: estimate, rates };
        Ok(Self {
            left: sides.0,
            right: sides.1,
            is_exact: value.means.is_none() && value.rates.is_empty(),
            is_rounded: difference.is_rounded,
            value,
            favoured,
            lost,
            remarks,
        })
    }
}

/// Refuses results with seeds that have not run: a run must not be stopped at a convenient moment.
fn refuse_unfinished(results: &Results) -> Result<(), String> {
    let mut reasons: Vec<String> = Vec::new();
    for found in &results.found {
        let (variant, seeds, ended) = match found {
            Found::Mean(sample) => (&sample.variant, sample.not_run, sample.values.len()),
            Found::Rate { rate, variant, not_run } => (variant, *not_run, rate.seeds),
        };
        let reason = match (seeds, ended) {
            (0, 0) => format!("no seed of {variant} has a value"),
            (0, _) => continue,
            _ => not_run(variant, seeds),
        };
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    if reasons.is_empty() { Ok(()) } else { Err(reasons.join(", ")) }
}

/// Refuses times and speeds of different machines.
fn refuse_machines(means: &[(f64, &Sample)]) -> Result<(), String> {
    let mut machines: Vec<&str> =
        means.iter().flat_map(|(_, sample)| sample.machines.iter().map(String::as_str)).collect();
    machines.sort_unstable();
    machines.dedup();
    match machines.len() {
        0 | 1 => Ok(()),
        _ => Err(format!("times of different machines are not compared: {}", machines.join("; "))),
    }
}

/// Variants with lost seeds: those that each sign of the difference favours, and all in words. The mean of the other
/// seeds may be too good, so that it decides nothing in favour of the variant.
fn lost(means: &[(f64, &Sample)]) -> ([Vec<String>; 2], Vec<String>) {
    let (mut favoured, mut lost) = ([Vec::new(), Vec::new()], Vec::new());
    for (slope, sample) in means.iter().filter(|(_, sample)| sample.lost > 0) {
        let ended = sample.values.len() + sample.lost;
        let words = format!("{} lost {} of {}", sample.variant, sample.lost, count(ended, "seed"));
        if !lost.contains(&words) {
            lost.push(words);
        }
        let sign = match sample.direction {
            Direction::Lower => usize::from(*slope < 0.0),
            Direction::Higher => usize::from(*slope > 0.0),
            Direction::Neither => continue,
        };
        if !favoured[sign].contains(&sample.variant) {
            favoured[sign].push(sample.variant.clone());
        }
    }
    (favoured, lost)
}
