//! Rank correlations over seeds.

use std::collections::BTreeMap;

use serde::Serialize;
use stats::spearman;

/// Rank correlations over seeds: 1 if a score ranks as the divergence does, -1 if it ranks in reverse.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RankCorrelation {
    /// Mean over seeds.
    pub mean: f64,
    /// Lowest of any seed.
    pub lowest: f64,
    /// Highest of any seed.
    pub highest: f64,
}

impl RankCorrelation {
    /// Correlation of the pairs of each seed. `None` without seeds, or if the values of one seed are all equal.
    pub(super) fn of(seeds: &BTreeMap<u64, Vec<(f64, f64)>>) -> Option<Self> {
        let of_seeds = seeds.values().map(|pairs| spearman(pairs)).collect::<Option<Vec<_>>>()?;
        (!of_seeds.is_empty()).then(|| Self {
            mean: of_seeds.iter().sum::<f64>() / of_seeds.len() as f64,
            lowest: of_seeds.iter().copied().fold(f64::INFINITY, f64::min),
            highest: of_seeds.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        })
    }
}
