//! Settings of the comparisons between variants.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The grid's `compare` block.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Compare {
    /// Labels of the baseline variants, at most one per data set. Without one, the first variant of each
    /// data set is its baseline.
    pub baseline: Vec<String>,
    /// Differences that do not matter, in the figure's unit, by the figure's name.
    pub margin: BTreeMap<String, f64>,
    /// Whether trials of equal seed are pairs.
    pub paired: bool,
    /// Which variants are compared.
    pub pairs: Pairs,
    /// Interim analyses, if seeds are added until the comparisons are decided.
    #[serde(rename = "looks", skip_serializing_if = "Option::is_none")]
    pub interim: Option<InterimAnalyses>,
}

impl Compare {
    /// Whether every setting has its default.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Which variants of a data set are compared.
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
    /// Seeds of a variant at each analysis, increasing; the last is the cap.
    pub at: Vec<usize>,
    /// Figures whose comparisons call for more seeds; every figure if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<String>,
}
