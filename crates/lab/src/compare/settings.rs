//! What a grid asks to be compared.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Looks;

/// The grid's `compare`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Compare {
    /// Labels of variants that the others on their data set are held against, at most one a data
    /// set. If there is none, the first variant of each data set is.
    pub baseline: Vec<String>,
    /// Differences that do not matter, in the figure's unit, by the figure's name.
    pub margin: BTreeMap<String, f64>,
    /// Trials of equal seed are pairs.
    pub paired: bool,
    /// Which variants meet.
    pub pairs: Pairs,
    /// When to look, if seeds are added until the comparisons are decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub looks: Option<Looks>,
}

impl Compare {
    /// Nothing was asked for.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Which variants of a data set meet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pairs {
    /// Each meets the baseline.
    #[default]
    Baseline,
    /// Each meets each.
    All,
}
