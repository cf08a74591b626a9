//! Ends of the bracket of a log-likelihood: lower and upper bounds of one variant.

use std::fmt;

use protocol::Kind;
use stats::Part;

use super::estimator::Estimator;
use crate::summary::{FigureSummary, Spread};

/// Reading of a value in a comparison of log-likelihoods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The log-likelihood itself.
    Exact,
    /// At most the log-likelihood.
    LowerBound,
    /// At least the log-likelihood.
    UpperBound,
    /// A lower bound plus its gap on images drawn from the model: at least the log-likelihood, if the gap on test images is no
    /// larger.
    Bracket,
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Exact => "exact",
            Self::LowerBound => "lower_bound",
            Self::UpperBound => "upper_bound",
            Self::Bracket => "bracket",
        })
    }
}

/// One end of the bracket of a variant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Side<'e, 'a> {
    pub(super) estimator: &'e Estimator<'a>,
    pub(super) end: End,
}

impl<'e, 'a> Side<'e, 'a> {
    /// Lower ends: the exact value, else every lower bound.
    pub(super) fn lower(estimators: &'e [Estimator<'a>]) -> Vec<Self> {
        let bounds = estimators.iter().filter(|one| one.kind() == Kind::LowerBound);
        exact_or(estimators, bounds.map(|estimator| Self { estimator, end: End::LowerBound }).collect())
    }

    /// Upper ends: the exact value, else every upper bound and every lower bound with a gap.
    pub(super) fn upper(estimators: &'e [Estimator<'a>]) -> Vec<Self> {
        let end = |estimator: &'e Estimator<'a>| match estimator.kind() {
            Kind::UpperBound => Some(Self { estimator, end: End::UpperBound }),
            Kind::LowerBound if estimator.gap.is_some() => Some(Self { estimator, end: End::Bracket }),
            _ => None,
        };
        exact_or(estimators, estimators.iter().filter_map(end).collect())
    }

    /// The figure on the first `images` images; on all its images if the number is unknown.
    pub(super) fn on(&self, images: Option<u64>) -> Option<FigureSummary> {
        let summed = match images {
            Some(images) => self.estimator.on(images)?,
            None => self.estimator.summed.clone(),
        };
        match self.end {
            End::Bracket => with_gap(summed, self.estimator.gap?),
            _ => Some(summed),
        }
    }

    /// The gap of a bracket: its mean, and the part of the error that is due to the images drawn from the model.
    pub(super) fn gap(&self) -> Option<(f64, Option<Part>)> {
        let gap = self.estimator.gap.filter(|_| self.end == End::Bracket)?;
        let degrees = gap.images.map_or(f64::INFINITY, |n| (n as f64 - 1.0).max(1.0));
        let part = gap.se_test.filter(|se| *se > 0.0).map(|se| Part { variance: se * se, degrees });
        Some((gap.spread?.mean, part))
    }
}

/// Exact values, else `bounds`.
fn exact_or<'e, 'a>(estimators: &'e [Estimator<'a>], bounds: Vec<Side<'e, 'a>>) -> Vec<Side<'e, 'a>> {
    let exact = estimators.iter().filter(|one| one.kind() == Kind::Exact);
    let exact: Vec<_> = exact.map(|estimator| Side { estimator, end: End::Exact }).collect();
    if exact.is_empty() { bounds } else { exact }
}

/// Upper end of the bracket: the gap of each seed is added to its bound.
pub(super) fn with_gap(bound: FigureSummary, gap: &FigureSummary) -> Option<FigureSummary> {
    if bound.trials != gap.trials {
        return None;
    }
    let values: Vec<f64> = bound.values.iter().zip(&gap.values).map(|(bound, gap)| bound + gap).collect();
    Some(FigureSummary { spread: Spread::of(&values), values, ..bound })
}
