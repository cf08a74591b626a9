//! Outcome of one comparison of a claim.

use protocol::text::count;
use protocol::{Relation, Statement};

use super::bounds::{Levels, Uncertain};
use super::difference::Difference;
use super::needs::needs;
use super::outcome::ClaimOutcome::{self, Refuted, Supported, Undecided};
use super::rate::Rate;
use super::samples::Samples;

/// Largest relative difference of two rounded numbers that may be equal.
const ROUNDING: f64 = 1e-9;

/// A comparison of a claim with its outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimPart {
    /// Text of the comparison.
    pub statement: String,
    /// Outcome of the comparison.
    pub outcome: ClaimOutcome,
    /// Numbers behind the outcome; `None` if a side has no value.
    pub estimate: Option<ClaimNumbers>,
    /// Remarks on the numbers, in words.
    pub remarks: Vec<String>,
    /// Seeds or test images that an undecided comparison needs; empty if it is decided.
    pub needs: String,
}

/// Numbers of a comparison.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClaimNumbers {
    /// Left side.
    pub left: f64,
    /// Right side.
    pub right: f64,
    /// Left side minus right side.
    pub difference: f64,
    /// Standard error of the difference over seeds and test images; `None` without means over seeds.
    pub se: Option<f64>,
    /// Degrees of freedom of that error.
    pub degrees: Option<f64>,
    /// One-sided lower bound of the difference; the difference itself if it is exact.
    pub low: f64,
    /// One-sided upper bound of the difference.
    pub high: f64,
}

/// Relation that a difference has to fulfil.
#[derive(Clone, Copy, Debug)]
enum Question {
    Relation(Relation),
    Within(f64),
}

/// Judges a comparison.
pub(super) fn part(samples: &Samples<'_>, statement: &Statement, levels: Levels) -> ClaimPart {
    let (left, right, question) = match statement {
        Statement::Compare { left, relation, right } => (left, right, Question::Relation(*relation)),
        Statement::Equal { left, right, tolerance } => (left, right, Question::Within(*tolerance)),
        // The caller takes the other statements apart.
        _ => return unknown(statement, "no comparison".to_owned()),
    };
    let difference = match Difference::of(samples, left, right) {
        Ok(difference) => difference,
        Err(reason) => return unknown(statement, reason),
    };
    let (outcome, needs) = judged(&difference, question, levels);
    let means = difference.value.means.as_ref();
    let (low, high) = match question {
        Question::Relation(Relation::Less | Relation::AtMost) => ends(&difference.value, levels.refute, levels.support),
        Question::Relation(_) => ends(&difference.value, levels.support, levels.refute),
        Question::Within(_) => ends(&difference.value, levels.support, levels.support),
    };
    let counted = |rate: &Rate| format!("{} of {}", rate.events, count(rate.seeds, "seed"));
    let mut remarks: Vec<String> = difference.value.rates.iter().map(|(_, rate)| counted(rate)).collect();
    remarks.extend(difference.remarks.iter().cloned());
    let estimate = ClaimNumbers {
        left: difference.left,
        right: difference.right,
        difference: difference.value.value,
        se: means.map(super::estimate::Estimate::se),
        degrees: means.map(super::estimate::Estimate::degrees),
        low,
        high,
    };
    ClaimPart { statement: statement.to_string(), outcome, estimate: Some(estimate), remarks, needs }
}

fn ends(value: &Uncertain, low: f64, high: f64) -> (f64, f64) {
    (value.bounds(low).0, value.bounds(high).1)
}

fn unknown(statement: &Statement, needs: String) -> ClaimPart {
    ClaimPart { statement: statement.to_string(), outcome: Undecided, estimate: None, remarks: Vec::new(), needs }
}

/// The outcome, and what would decide an undecided one.
fn judged(difference: &Difference, question: Question, levels: Levels) -> (ClaimOutcome, String) {
    let value = &difference.value;
    if difference.is_exact {
        let nearest = ROUNDING * difference.left.abs().max(difference.right.abs());
        if difference.is_rounded && value.value.abs() <= nearest {
            return (Undecided, "the numbers are too long to be compared: 2^53 is the largest exact one".to_owned());
        }
        return (exact(question, value.value), String::new());
    }
    let outcome = decision(question, value, levels);
    if let Some(reason) = lost_seeds(difference, question, outcome) {
        return (Undecided, reason);
    }
    let needs = match outcome {
        Undecided => needs(value, matches!(question, Question::Relation(Relation::Equals)), &|projected| {
            decision(question, projected, levels) != Undecided
        }),
        _ => String::new(),
    };
    (outcome, needs)
}

fn exact(question: Question, difference: f64) -> ClaimOutcome {
    ClaimOutcome::of(match question {
        Question::Relation(Relation::Less) => difference < 0.0,
        Question::Relation(Relation::AtMost) => difference <= 0.0,
        Question::Relation(Relation::Greater) => difference > 0.0,
        Question::Relation(Relation::AtLeast) => difference >= 0.0,
        Question::Relation(Relation::Equals) => difference == 0.0,
        Question::Within(tolerance) => difference.abs() <= tolerance,
    })
}

/// Outcome of one-sided tests. Equality is never supported by a test; within a tolerance it is, by two of them.
fn decision(question: Question, value: &Uncertain, levels: Levels) -> ClaimOutcome {
    let (supported, refuted) = match question {
        Question::Relation(relation) => {
            let (support, refute) = (value.bounds(levels.support), value.bounds(levels.refute));
            match relation {
                Relation::Less => (support.1 < 0.0, refute.0 >= 0.0),
                Relation::AtMost => (support.1 <= 0.0, refute.0 > 0.0),
                Relation::Greater => (support.0 > 0.0, refute.1 <= 0.0),
                Relation::AtLeast => (support.0 >= 0.0, refute.1 < 0.0),
                Relation::Equals => (false, is_outside(value, 0.0, levels)),
            }
        }
        Question::Within(tolerance) => {
            let (low, high) = value.bounds(levels.support);
            (low >= -tolerance && high <= tolerance, is_outside(value, tolerance, levels))
        }
    };
    match (supported, refuted) {
        (true, false) => Supported,
        (false, true) => Refuted,
        _ => Undecided,
    }
}

/// Returns whether the difference is beyond the tolerance on one side. The two sides share the level.
fn is_outside(value: &Uncertain, tolerance: f64, levels: Levels) -> bool {
    let (low, high) = value.bounds(levels.refute / 2.0);
    low > tolerance || high < -tolerance
}

/// The reason why lost seeds forbid this outcome.
fn lost_seeds(difference: &Difference, question: Question, outcome: ClaimOutcome) -> Option<String> {
    let below = match (question, outcome) {
        (_, Undecided) => return None,
        (Question::Within(_), Supported) => {
            let lost = difference.lost.first()?;
            return Some(format!("{lost}: seeds without a value cannot be shown to be equal"));
        }
        (Question::Relation(Relation::Less | Relation::AtMost), Supported) => true,
        (Question::Relation(Relation::Greater | Relation::AtLeast), Refuted) => true,
        (Question::Relation(Relation::Equals) | Question::Within(_), _) => difference.value.value < 0.0,
        _ => false,
    };
    let variant = difference.favoured[usize::from(!below)].first()?;
    let reason = "the seeds with a value decide nothing in its favour; add a claim on its rate of failed trials";
    Some(format!("{variant} lost seeds: {reason}"))
}
