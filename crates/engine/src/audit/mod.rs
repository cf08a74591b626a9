//! Metric audit: scores samplers whose divergence from the data is known.
//!
//! The data set is a mixture with an exact density. Each sampler mixes the data distribution with one fault, so that
//! its density is exact, too. The Jensen-Shannon divergence between sampler and data follows from both densities.
//! A useful score worsens as the share of a fault grows, and ranks different faults as the divergence does.

mod faulty_sampler;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use data::{DataConfig, DataError, Dataset, Mixture, Noise};
use protocol::{Direction, Measurement};
use rayon::prelude::*;
use serde_json::json;

pub use self::faulty_sampler::{Fault, FaultySampler};
use crate::measure::{MeasureError, Measures, Subject};
use crate::progress::mean_se;

/// Shares of faulty images, for every fault.
pub const SHARES: [f64; 4] = [0.1, 0.25, 0.5, 1.0];
/// Number of draws from the sampler and from the data that estimate a divergence.
const DRAWS: usize = 20_000;

/// Scores and true divergence of one sampler.
#[derive(Clone, Debug)]
pub struct AuditedSampler {
    /// Fault of the sampler; `None` for the data distribution.
    pub fault: Option<Fault>,
    /// Share of the images that have the fault, 0 to 1.
    pub share: f64,
    /// Jensen-Shannon divergence from the data in nats, 0 to ln 2, and its standard error.
    pub jsd: (f64, f64),
    /// Scores with a direction; a name includes the features that the score uses.
    pub scores: Vec<Measurement>,
}

/// Reason why an audit failed.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The data set cannot be generated with that number of images.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A measure failed.
    #[error(transparent)]
    Measure(#[from] MeasureError),
}

/// Scores every sampler with `images` test images and `images` samples.
///
/// `seed` keys the data set and the samples. The folder `cache` stores the feature extractors.
///
/// # Errors
/// The number of images is out of range, or a file in `cache` cannot be written.
pub fn audit_scores(
    images: usize,
    seed: u64,
    cache: &Path,
    measures: &Measures,
) -> Result<Vec<AuditedSampler>, AuditError> {
    let config = Mixture { seed, validation: images, test: images, ..Mixture::default() };
    let (data, density) = (config.load()?, config.density()?);
    let sha256 = data.sha256();
    let audit = MetricAudit { data: &data, sha256: &sha256, seed, cache, measures, scored: AtomicUsize::new(0) };
    // The first sampler trains the extractors, which all samplers share.
    let own = audit.score(&FaultySampler::without_fault(density.clone()))?;
    let faulty: Vec<(Fault, f64)> = Fault::ALL.iter().flat_map(|fault| SHARES.map(|share| (*fault, share))).collect();
    let others: Result<Vec<AuditedSampler>, AuditError> = faulty
        .into_par_iter()
        .map(|(fault, share)| Ok(audit.score(&FaultySampler::new(&config, fault, share, &data)?)?))
        .collect();
    Ok(std::iter::once(own).chain(others?).collect())
}

struct MetricAudit<'a> {
    data: &'a Dataset,
    sha256: &'a str,
    seed: u64,
    cache: &'a Path,
    measures: &'a Measures,
    /// Number of samplers so far: each has a folder of its own, because they are scored at the same time.
    scored: AtomicUsize,
}

impl MetricAudit<'_> {
    /// Scores a sampler. The pictures of its measures are removed.
    fn score(&self, sampler: &FaultySampler) -> Result<AuditedSampler, MeasureError> {
        let dir = self.cache.join(format!("audit_{}", self.scored.fetch_add(1, Relaxed)));
        let scored = self.score_in(sampler, &dir);
        if dir.exists() {
            fs::remove_dir_all(&dir)?;
        }
        scored
    }

    fn score_in(&self, sampler: &FaultySampler, dir: &Path) -> Result<AuditedSampler, MeasureError> {
        let subject = Subject {
            model: sampler,
            data: self.data,
            data_sha256: self.sha256,
            seed: self.seed,
            dir,
            cache: self.cache,
        };
        let mut scores = Vec::new();
        for features in ["classifier", "autoencoder", "random"] {
            for name in ["fid_proxy", "sample_quality"] {
                let figures = self.take(name, &json!({ "features": features }), &subject)?;
                let named =
                    |figure: Measurement| Measurement { name: format!("{} ({features})", figure.name), ..figure };
                scores.extend(figures.into_iter().map(named));
            }
        }
        for name in ["copies", "collapse"] {
            scores.extend(self.take(name, &json!({}), &subject)?);
        }
        scores.retain(|figure| figure.direction != Direction::Neither);
        Ok(AuditedSampler { fault: sampler.fault, share: sampler.share, jsd: sampler.jsd(DRAWS, self.seed), scores })
    }

    fn take(
        &self,
        name: &str,
        settings: &serde_json::Value,
        subject: &Subject<'_>,
    ) -> Result<Vec<Measurement>, MeasureError> {
        let entry = self.measures.find(name).expect("a built-in measure");
        let config = (entry.resolve)(settings).expect("settings of a built-in measure");
        entry.take(&entry.spec(config), subject)
    }
}

impl FaultySampler {
    /// Jensen-Shannon divergence in nats and its standard error, from `draws` images of each distribution: the mean of
    /// KL(p || m) and KL(q || m), where m is the mixture of p and q with equal weights.
    fn jsd(&self, draws: usize, seed: u64) -> (f64, f64) {
        let mut noise = Noise::new(seed, "court/divergence", 0);
        let mut image = vec![0.0; self.pixels()];
        let mut half = |own: bool| {
            let terms: Vec<f64> = (0..draws)
                .map(|_| {
                    if own {
                        self.draw(&mut noise, &mut image)
                    } else {
                        self.draw_truth(&mut noise, &mut image)
                    }
                    let (p, q) = (self.log_truth(&image), self.log_density_of(&image));
                    let (this, other) = if own { (q, p) } else { (p, q) };
                    // log(this / m); `this` is finite, `other` may be minus infinity.
                    2f64.ln() - (other - this).exp().ln_1p()
                })
                .collect();
            let (mean, se) = mean_se(&terms);
            (mean, se.unwrap_or_default())
        };
        let ((a, a_se), (b, b_se)) = (half(true), half(false));
        (0.5 * (a + b), 0.5 * a_se.hypot(b_se))
    }
}
