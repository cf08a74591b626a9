//! Metric audit: how well each sample score ranks samplers whose divergence from the data is known.

mod agreement;
mod feature_agreement;
mod markdown;
mod plot;
mod rank_correlation;
#[cfg(test)]
mod tests;
mod write;

use serde::Serialize;

pub use self::agreement::{Agreement, TRUSTED, agreements, trusted_from};
pub use self::feature_agreement::{FeatureAgreement, feature_agreements};
pub use self::rank_correlation::RankCorrelation;
pub use self::write::write;

/// Value of one score on one sampler.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Score {
    /// Number of test images, and of samples.
    pub images: usize,
    /// Seed of data and samples.
    pub seed: u64,
    /// Fault of the sampler; "none" for the data's own distribution.
    pub fault: String,
    /// Share of its images that have the fault.
    pub share: f64,
    /// Jensen-Shannon divergence of the sampler from the data, in nats.
    pub jsd_nats: f64,
    /// Standard error of the divergence, in nats.
    pub jsd_se_nats: f64,
    /// Name of the score, with its feature space in brackets.
    pub score: String,
    /// Value of the score; `None` if the score does not apply.
    pub value: Option<f64>,
    /// `true` if larger is better.
    pub higher_is_better: bool,
}

/// Distinct values, in the order of their first appearance.
fn unique<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    all.fold(Vec::new(), |mut unique, one| {
        if !unique.contains(&one) {
            unique.push(one);
        }
        unique
    })
}

/// Numbers of images, in increasing order.
fn sizes(scores: &[Score]) -> Vec<usize> {
    let mut sizes: Vec<usize> = scores.iter().map(|one| one.images).collect();
    sizes.sort_unstable();
    sizes.dedup();
    sizes
}
