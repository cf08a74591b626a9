//! Log-likelihood of one variant by one estimator, larger is better, on all its images and on the first ones.

use std::collections::BTreeSet;

use protocol::{Direction, Kind, Likelihood, Support};

use super::super::images::{FirstImages, ImageTerms};
use crate::summary::{FigureSummary, Spread, VariantSummary};

/// Log-likelihood of a variant by one estimator.
#[derive(Debug)]
pub(super) struct Estimator<'a> {
    pub(super) variant: &'a VariantSummary,
    /// The figure as it was measured.
    pub(super) measured: &'a FigureSummary,
    /// Name of the estimator, as the figure declares it.
    pub(super) name: &'a str,
    /// The figure as a log-likelihood: larger is better.
    pub(super) summed: FigureSummary,
    /// Terms per image of `summed`; `None` if a seed kept none.
    terms: Option<FirstImages>,
    /// Distance from an upper bound, on images drawn from the model, if it has a value for the same seeds.
    pub(super) gap: Option<&'a FigureSummary>,
}

/// Figures with a value that declare a log-likelihood, each with its estimator.
fn declared(variant: &VariantSummary) -> impl Iterator<Item = (&FigureSummary, &str)> {
    variant.figures.iter().filter_map(|summed| match &summed.likelihood {
        Some(Likelihood::Value { estimator }) if summed.spread.is_some() => Some((summed, estimator.as_str())),
        _ => None,
    })
}

impl<'a> Estimator<'a> {
    /// Supports of the log-likelihoods of a variant.
    pub(super) fn supports(variant: &VariantSummary) -> Vec<Option<Support>> {
        declared(variant).map(|(summed, _)| summed.figure.support).collect()
    }

    /// Numbers of images of the log-likelihoods of a variant on one support.
    pub(super) fn image_counts(variant: &VariantSummary, support: Option<Support>) -> Vec<u64> {
        declared(variant).filter(|(summed, _)| summed.figure.support == support).filter_map(|(s, _)| s.images).collect()
    }

    /// Log-likelihoods of a variant on one support, in the order in which they were measured. Values on the first images are
    /// kept for these numbers of images.
    pub(super) fn all(
        variant: &'a VariantSummary,
        support: Option<Support>,
        counts: &BTreeSet<u64>,
        images: &ImageTerms,
    ) -> Vec<Self> {
        let counts: Vec<usize> = counts.iter().map(|count| *count as usize).collect();
        let on_support = declared(variant).filter(|(summed, _)| summed.figure.support == support);
        on_support
            .map(|(measured, name)| {
                let sign = if measured.figure.direction == Direction::Lower { -1.0 } else { 1.0 };
                let terms = images.of_first_images(measured, &counts).map(|terms| signed(terms, sign));
                let summed = log_likelihood(measured, sign);
                Self { variant, measured, name, summed, terms, gap: gap_of(variant, measured) }
            })
            .collect()
    }

    /// Relation of the figure to the log-likelihood.
    pub(super) fn kind(&self) -> Kind {
        self.summed.figure.kind
    }

    /// Returns whether both figures are of one estimator at one budget.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let identity =
            |one: &Self| (one.name.to_owned(), one.measured.figure.settings.clone(), one.measured.figure.version);
        identity(self) == identity(other) && self.kind() == other.kind()
    }

    /// The log-likelihood on the first `images` images; `None` if it took fewer, or more without their terms.
    pub(super) fn on(&self, images: u64) -> Option<FigureSummary> {
        if self.summed.images == Some(images) {
            return Some(self.summed.clone());
        }
        let seeds = self.terms.as_ref()?.seeds.get(&(images as usize))?;
        if seeds.len() != self.summed.trials.len() {
            return None;
        }
        let values: Vec<f64> = seeds.iter().map(|seed| seed.mean).collect();
        let error = |seed: &Spread| Some(seed.sd? / (seed.n as f64).sqrt());
        let errors: Option<Vec<f64>> = seeds.iter().map(error).collect();
        Some(FigureSummary {
            spread: Spread::of(&values),
            values,
            se_test: errors.and_then(|errors| Spread::of(&errors)).map(|errors| errors.mean),
            images: Some(images),
            ..self.summed.clone()
        })
    }

    /// Terms of the first `images` images, averaged over seeds; `None` without terms.
    pub(super) fn averaged(&self, images: u64) -> Option<&[f64]> {
        self.terms.as_ref()?.averaged.get(..images as usize)
    }
}

/// The figure with its values and its kind turned, so that larger is better.
fn log_likelihood(measured: &FigureSummary, sign: f64) -> FigureSummary {
    let values: Vec<f64> = measured.values.iter().map(|value| sign * value).collect();
    let mut summed = FigureSummary { spread: Spread::of(&values), values, ..measured.clone() };
    summed.figure.direction = Direction::Higher;
    summed.figure.kind = match measured.figure.kind {
        Kind::LowerBound if sign < 0.0 => Kind::UpperBound,
        Kind::UpperBound if sign < 0.0 => Kind::LowerBound,
        kind => kind,
    };
    summed
}

fn signed(terms: FirstImages, sign: f64) -> FirstImages {
    let turned = |seed: Spread| Spread { mean: sign * seed.mean, ..seed };
    FirstImages {
        averaged: terms.averaged.into_iter().map(|term| sign * term).collect(),
        seeds: terms.seeds.into_iter().map(|(count, s)| (count, s.into_iter().map(turned).collect())).collect(),
    }
}

/// The gap that belongs to a bound, if it has a value for the same seeds.
fn gap_of<'a>(variant: &'a VariantSummary, bound: &FigureSummary) -> Option<&'a FigureSummary> {
    let identity = |summed: &FigureSummary| (summed.figure.settings.clone(), summed.figure.version);
    let belongs = |summed: &&FigureSummary| match &summed.likelihood {
        Some(Likelihood::Gap { of }) => *of == bound.figure.name && identity(summed) == identity(bound),
        _ => false,
    };
    variant.figures.iter().filter(belongs).find(|summed| summed.spread.is_some() && summed.trials == bound.trials)
}
