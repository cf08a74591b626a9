//! A Frechet distance between samples and test images in the features of a small frozen network.

use data::DataShape;
use protocol::{Direction, Kind, Measurement, Problem, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::frechet::{Gaussian, frechet_distance, null_floor};
use super::{MeasureConfig, MeasureError, Subject};
use crate::features::{Extractor, FeaturesOf};

/// `fid_proxy` and `fid_proxy_floor`. Not the published FID: the network is ours and small, so the
/// figures compare only with figures of the same data and extractor.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct FidProxy {
    /// Samples drawn; as many test images are compared. 0 means as many as there are test images.
    samples: usize,
    /// Feature dimension at most; never above a fifth of the samples.
    dim: usize,
    /// The network whose features are compared.
    features: FeaturesOf,
}

impl Default for FidProxy {
    fn default() -> Self {
        Self { samples: 0, dim: 32, features: FeaturesOf::Auto }
    }
}

impl FidProxy {
    fn count(&self, test: usize) -> usize {
        if self.samples == 0 { test } else { self.samples.min(test) }
    }
}

impl MeasureConfig for FidProxy {
    const NAME: &'static str = "fid_proxy";
    const ABOUT: &'static str =
        "Frechet distance of samples to test images in a small frozen network, with its null floor";

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        if self.dim == 0 {
            return Err(Problem::new("dim", "a distance needs a feature").help("at least 1"));
        }
        if self.count(data.test) < 10 {
            let count = self.count(data.test);
            return Err(Problem::new("samples", format!("{count} images are too few"))
                .help("at least 10 samples and 10 test images"));
        }
        self.features.check(data)
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let names = ["fid_proxy", "fid_proxy_floor"];
        let directions = [Direction::Lower, Direction::Neither];
        let absent = |reason: &str| {
            let absent = |(name, direction)| Measurement::absent(name, Kind::Estimate, Unit::One, direction, reason);
            names.into_iter().zip(directions).map(absent).collect()
        };
        let Some(sampler) = subject.model.sampler() else { return Ok(absent("the model cannot be sampled")) };
        let n = self.count(subject.data.test.len());
        let dim = self.dim.min(n / 5);
        let extractor = Extractor::obtain(self.features, subject.data, subject.data_sha256, dim, subject.cache)?;
        let real = extractor.features(&subject.data.test.take(n));
        let fake = match subject.samples(sampler, n, "measure/fid_proxy") {
            Ok(fake) => extractor.features(&fake),
            Err(reason) => return Ok(absent(reason)),
        };
        if !(fake.are_sound() && real.are_sound()) {
            return Ok(absent("a feature is not a finite number"));
        }
        let (real, fake) = (Gaussian::fit(&real.values, dim), Gaussian::fit(&fake.values, dim));
        let values = [frechet_distance(&real, &fake), null_floor(&real.covariance, n, n)];
        let remark = format!("null floor {:.3} at n = {n} against {n}; {}", values[1], extractor.describe());
        Ok(names
            .iter()
            .zip(directions)
            .zip(values)
            .map(|((name, direction), value)| {
                Measurement::new(*name, Kind::Estimate, Unit::One, direction, value)
                    .with_n(n)
                    .on(sampler.support())
                    .remark(remark.clone())
            })
            .collect())
    }
}
