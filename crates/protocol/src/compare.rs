//! Settings of the comparisons between variants.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The `compare` block of a grid.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Compare {
    /// Labels of the baseline variants, at most one per data set. Without one, the first variant of each
    /// data set is its baseline.
    pub baseline: Vec<String>,
    /// Margins: the largest difference that does not matter, in the unit of the figure, by the name of the figure.
    pub margin: BTreeMap<String, f64>,
    /// `true` if trials of equal seed are compared as pairs.
    pub paired: bool,
    /// Pairs of variants that are compared.
    pub pairs: Pairs,
    /// Interim analyses, if seeds are added until the comparisons are decided.
    #[serde(rename = "looks", skip_serializing_if = "Option::is_none")]
    pub interim: Option<InterimAnalyses>,
}

impl Compare {
    /// Returns whether all settings have their defaults.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Returns whether tests must be valid at any time: an analysis follows every seed.
    #[must_use]
    pub fn is_any_time(&self) -> bool {
        self.interim.as_ref().is_some_and(|interim| interim.any_time)
    }
}

/// Pairs of variants of a data set that are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pairs {
    /// Each variant with the baseline.
    #[default]
    Baseline,
    /// Each variant with every other.
    All,
}

/// The schedule of interim analyses, from `seeds: {until_decided: ...}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InterimAnalyses {
    /// Number of seeds of a variant at each analysis, increasing; the last one is the cap.
    pub at: Vec<usize>,
    /// Figures whose undecided comparisons add seeds; all figures if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<String>,
    /// `true` if the tests are valid at any time, so that the number of analyses needs no correction.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub any_time: bool,
}

impl InterimAnalyses {
    /// The number by which corrected p-values are multiplied, so that the analyses share the error.
    #[must_use]
    pub fn correction(&self) -> usize {
        if self.any_time { 1 } else { self.at.len().max(1) }
    }
}
