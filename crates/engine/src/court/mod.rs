//! Scores on trial: do they rank samplers as the true divergence does?
//!
//! The data are a mixture whose density is known; the samplers are the data's own distribution with a
//! growing share of one fault, so that their densities, and with them their Jensen-Shannon
//! divergence from the data, are known too. A score that is worth anything falls as that share grows,
//! and ranks different faults as the divergence ranks them.

mod impostor;
#[cfg(test)]
mod tests;

use std::path::Path;

use data::{DataConfig, DataError, Dataset, Mixture, Noise};
use protocol::{Direction, Measurement};
use rayon::prelude::*;
use serde_json::json;

pub use self::impostor::{Fault, Impostor};
use crate::measure::{MeasureError, Measures, Subject};
use crate::progress::mean_se;

/// The shares of a fault: the same for every one of them.
pub const SHARES: [f64; 4] = [0.1, 0.25, 0.5, 1.0];
/// Draws of either side that a divergence is estimated from.
const DRAWS: usize = 20_000;

/// One sampler and what was found of it.
#[derive(Clone, Debug)]
pub struct Hearing {
    /// What is wrong with it; `None` for the data's own distribution.
    pub fault: Option<Fault>,
    /// The share of its images that have the fault.
    pub share: f64,
    /// The Jensen-Shannon divergence from the data in nats, from 0 to ln 2, with its standard error.
    pub jsd: (f64, f64),
    /// Every score that has a direction, each named with the features that it looks at.
    pub scores: Vec<Measurement>,
}

/// Why a court could not sit.
#[derive(Debug, thiserror::Error)]
pub enum CourtError {
    /// The data cannot be had in that number.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A score could not be taken.
    #[error(transparent)]
    Measure(#[from] MeasureError),
}

/// Hears every sampler, with `images` test images and as many samples. `seed` draws the data and the samples;
/// feature extractors are kept in `cache`.
///
/// # Errors
/// Too few or too many images for the data, or a file in `cache` that cannot be written.
pub fn hear(images: usize, seed: u64, cache: &Path, measures: &Measures) -> Result<Vec<Hearing>, CourtError> {
    let config = Mixture { seed, validation: images, test: images, ..Mixture::default() };
    let (data, density) = (config.load()?, config.density()?);
    let sha256 = data.sha256();
    let court = Court { data: &data, sha256: &sha256, seed, cache, measures };
    // Trains the extractors, which all the others share.
    let own = court.hear(&Impostor::honest(density.clone()))?;
    let faulty: Vec<(Fault, f64)> = Fault::ALL.iter().flat_map(|fault| SHARES.map(|share| (*fault, share))).collect();
    let others: Result<Vec<Hearing>, CourtError> = faulty
        .into_par_iter()
        .map(|(fault, share)| Ok(court.hear(&Impostor::new(&config, fault, share, &data)?)?))
        .collect();
    Ok(std::iter::once(own).chain(others?).collect())
}

struct Court<'a> {
    data: &'a Dataset,
    sha256: &'a str,
    seed: u64,
    cache: &'a Path,
    measures: &'a Measures,
}

impl Court<'_> {
    fn hear(&self, impostor: &Impostor) -> Result<Hearing, MeasureError> {
        let subject = Subject {
            model: impostor,
            data: self.data,
            data_sha256: self.sha256,
            seed: self.seed,
            dir: self.cache,
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
        Ok(Hearing { fault: impostor.fault, share: impostor.share, jsd: impostor.jsd(DRAWS, self.seed), scores })
    }

    fn take(
        &self,
        name: &str,
        settings: &serde_json::Value,
        subject: &Subject<'_>,
    ) -> Result<Vec<Measurement>, MeasureError> {
        let entry = self.measures.find(name).expect("a built-in measure");
        let config = (entry.resolve)(settings).expect("settings that it has");
        entry.take(&entry.spec(config), subject)
    }
}

impl Impostor {
    /// The mean of KL(p || m) and KL(q || m), m being the even mixture, over draws of either side.
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
                    // log (this / m), with this above minus infinity.
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
