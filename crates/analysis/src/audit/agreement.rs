//! Agreement of a score's ranks with the divergence's.

use std::collections::BTreeMap;

use super::rank_correlation::RankCorrelation;
use super::{Score, sizes, unique};

/// Lowest rank correlation over seeds from which a score is trusted.
pub const TRUSTED: f64 = 0.9;

/// Agreement of a score with the divergence at one number of images.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreement {
    /// Name of the score.
    pub score: String,
    /// Number of test images, and of samples.
    pub images: usize,
    /// Correlation over the shares of one fault, in the order of the scores. `None` if a value is absent or all values
    /// are equal.
    pub by_fault: Vec<(String, Option<RankCorrelation>)>,
    /// Correlation over all samplers.
    pub all: Option<RankCorrelation>,
}

/// Agreement of every score at every number of images, in the order of the scores.
#[must_use]
pub fn agreements(scores: &[Score]) -> Vec<Agreement> {
    let faults = unique(scores.iter().filter(|one| one.share > 0.0).map(|one| one.fault.clone()));
    let names = unique(scores.iter().map(|one| one.score.clone()));
    let sizes = sizes(scores);
    let mut all = Vec::new();
    for name in names {
        for images in &sizes {
            let of: Vec<&Score> = scores.iter().filter(|one| one.score == name && one.images == *images).collect();
            let of_fault = |fault: &String| {
                let some: Vec<_> = of.iter().filter(|one| one.fault == *fault || one.share == 0.0).copied().collect();
                (fault.clone(), with_divergence(&some))
            };
            let by_fault = faults.iter().map(of_fault).collect();
            all.push(Agreement { score: name.clone(), images: *images, by_fault, all: with_divergence(&of) });
        }
    }
    all
}

/// Lowest number of images from which a score agrees with the divergence in every seed, there and at every larger
/// number.
#[must_use]
pub fn trusted_from(agreements: &[Agreement], score: &str) -> Option<usize> {
    let trusted = |one: &&Agreement| one.all.is_some_and(|correlation| correlation.lowest >= TRUSTED);
    let of: Vec<&Agreement> = agreements.iter().filter(|one| one.score == score).collect();
    of.iter().rev().take_while(|one| trusted(one)).last().map(|one| one.images)
}

/// `None` unless every sampler has a value in every seed.
fn with_divergence(scores: &[&Score]) -> Option<RankCorrelation> {
    let mut seeds: BTreeMap<u64, Vec<(f64, f64)>> = BTreeMap::new();
    for one in scores {
        let sign = if one.higher_is_better { -1.0 } else { 1.0 };
        seeds.entry(one.seed).or_default().push((sign * one.value?, one.jsd_nats));
    }
    RankCorrelation::of(&seeds)
}
