//! One scale of log-likelihood: exact values, bounds and brackets of all variants of a section, on the same test images.
//!
//! `docs/statistics.md` states the rules ("One scale of log-likelihood").

mod bracket;
mod calibration;
mod estimator;
mod pair;
mod reading;
mod row;
#[cfg(test)]
pub(crate) mod tests;

use std::collections::{BTreeSet, HashMap};

use protocol::{Compare, Pairs, Support};

pub use bracket::End;
pub use calibration::{BracketPosition, Calibration, Distance};
pub use pair::{LikelihoodComparison, Scope};
pub use row::{LikelihoodRow, LikelihoodValue};

use self::estimator::Estimator;
use self::pair::{correct, on_the_bounds, on_the_scale};
use super::family::pairs_among;
use super::images::ImageTerms;
use crate::summary::{Summary, VariantSummary};

/// Log-likelihoods of the variants of one section on one data set and support, in nats per image; larger is better.
#[derive(Clone, Debug, PartialEq)]
pub struct LikelihoodTable {
    /// Section of the variants.
    pub section: Option<String>,
    /// Data set of the variants.
    pub data: String,
    /// Support of the densities.
    pub support: Option<Support>,
    /// Number of images that every estimator of the table took: the first ones of the test split. `None` if unknown.
    pub images: Option<u64>,
    /// Values by variant and estimator, in the order of the plan.
    pub rows: Vec<LikelihoodRow>,
    /// Comparisons of the variants, in the order of the plan.
    pub comparisons: Vec<LikelihoodComparison>,
    /// Bounds with a gap, next to the other values of their variant.
    pub calibrations: Vec<Calibration>,
}

impl LikelihoodTable {
    /// Tables of all sections with a declared log-likelihood.
    #[must_use]
    pub fn all(summary: &Summary, compare: &Compare, images: &ImageTerms) -> Vec<Self> {
        let mut keys: Vec<(Option<&str>, &str, Option<Support>)> = Vec::new();
        for variant in &summary.variants {
            for support in Estimator::supports(variant) {
                let key = (variant.section.as_deref(), variant.data.as_str(), support);
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
        }
        keys.into_iter().map(|key| Self::of(key, summary, compare, images)).collect()
    }

    /// Returns whether the table has more than one estimator. The summary of figures shows a single one as well.
    #[must_use]
    pub fn has_several_estimators(&self) -> bool {
        self.rows.iter().map(|row| (&row.estimator, &row.figure.settings)).collect::<BTreeSet<_>>().len() > 1
    }

    /// Returns whether an estimator took more images than the common ones.
    #[must_use]
    pub fn has_subset(&self) -> bool {
        self.rows.iter().any(|row| row.own.images != self.images)
    }

    fn of(
        (section, data, support): (Option<&str>, &str, Option<Support>),
        summary: &Summary,
        compare: &Compare,
        images: &ImageTerms,
    ) -> Self {
        let is_here =
            |variant: &&VariantSummary| (variant.section.as_deref(), variant.data.as_str()) == (section, data);
        let variants = summary.variants.iter().filter(is_here);
        let counts: BTreeSet<u64> =
            variants.clone().flat_map(|variant| Estimator::image_counts(variant, support)).collect();
        let members: Vec<(&VariantSummary, Vec<Estimator<'_>>)> = variants
            .map(|variant| (variant, Estimator::all(variant, support, &counts, images)))
            .filter(|(_, estimators)| !estimators.is_empty())
            .collect();
        let common = counts.first().copied();
        let rows = members.iter().flat_map(|(_, estimators)| estimators).map(|one| LikelihoodRow::of(one, common));
        Self {
            section: section.map(str::to_owned),
            data: data.to_owned(),
            support,
            images: common,
            rows: rows.collect(),
            comparisons: compared(&members, compare),
            calibrations: members.iter().flat_map(|(_, estimators)| Calibration::all(estimators)).collect(),
        }
    }
}

/// Comparisons of all pairs of `compare` among the members of a table, corrected.
fn compared(members: &[(&VariantSummary, Vec<Estimator<'_>>)], compare: &Compare) -> Vec<LikelihoodComparison> {
    let variants: Vec<&VariantSummary> = members.iter().map(|(variant, _)| *variant).collect();
    let is_named = variants.iter().any(|variant| compare.baseline.contains(&variant.variant));
    // The baseline of the data set may be in another section: the first variant of the table takes its place.
    let compare = match compare.pairs {
        Pairs::Baseline if !is_named => &Compare { baseline: Vec::new(), ..compare.clone() },
        _ => compare,
    };
    let by_label: HashMap<&str, &[Estimator<'_>]> =
        members.iter().map(|(variant, estimators)| (variant.variant.as_str(), estimators.as_slice())).collect();
    let estimators = |variant: &VariantSummary| by_label[variant.variant.as_str()];
    let mut rows = Vec::new();
    for (variant, baseline) in pairs_among(&variants, compare) {
        let pair = ((variant, estimators(variant)), (baseline, estimators(baseline)));
        rows.push(on_the_scale(pair, compare));
        rows.extend(on_the_bounds(pair, compare));
    }
    correct(&mut rows, compare.interim.as_ref().map_or(1, |interim| interim.correction()));
    rows
}
