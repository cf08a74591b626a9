//! Latent match: comparison of the latents of images with the prior.

mod mmd;

use data::DataShape;
use protocol::{Direction, Kind, Measurement, Problem, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MeasureConfig, MeasureError, Subject};

/// Two-sample test of the latents of test images against the prior.
///
/// - `latent_mmd2`: unbiased squared maximum mean discrepancy (MMD) between latents of test images and draws from the
///   prior (Gretton et al., 2012, eq. 3). The kernel is exp(-d^2 / 2 m^2), where m is the median distance of the pooled
///   latents. The figure can be negative.
/// - `latent_match_p`: p-value of its permutation test.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct LatentMatch {
    /// Maximum number of test images, and number of draws from the prior, 10 to 5,000.
    #[schemars(range(min = 10, max = 5_000))]
    images: usize,
    /// Number of permutations of the pooled latents, 19 to 100,000. The resolution of the p-value is
    /// 1 / (permutations + 1).
    #[schemars(range(min = 19, max = 100_000))]
    permutations: usize,
}

impl Default for LatentMatch {
    fn default() -> Self {
        Self { images: 500, permutations: 499 }
    }
}

const FIGURES: [(&str, Direction); 2] = [("latent_mmd2", Direction::Lower), ("latent_match_p", Direction::Neither)];

impl MeasureConfig for LatentMatch {
    const NAME: &'static str = "latent_match";
    const ABOUT: &'static str =
        "two-sample test of the latents of images against the prior: MMD with a permutation p-value";

    fn check(&self, _data: &DataShape) -> Result<(), Problem> {
        if !(10..=5_000).contains(&self.images) {
            return Err(Problem::new("images", format!("{} is out of range", self.images)).help("between 10 and 5000"));
        }
        if !(19..=100_000).contains(&self.permutations) {
            return Err(Problem::new("permutations", format!("{} is out of range", self.permutations))
                .help("between 19 and 100000; 499 permutations resolve p-values to 0.002"));
        }
        Ok(())
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let absent = |reason: &str| {
            FIGURES
                .map(|(name, direction)| Measurement::absent(name, Kind::Estimate, Unit::One, direction, reason))
                .to_vec()
        };
        let Some(model) = subject.model.latent_prior() else { return Ok(absent("the model has no latent prior")) };
        let images = subject.data.test.take(self.images);
        if images.len() < 2 {
            return Ok(absent("the test needs two images"));
        }
        let encoded = model.encoded(&images, &mut subject.noise("measure/latent_match/images"));
        let prior = model.prior(images.len(), &mut subject.noise("measure/latent_match/prior"));
        if !(encoded.are_sound() && prior.are_sound()) {
            return Ok(absent("a latent is not finite"));
        }
        let mut noise = subject.noise("measure/latent_match/permutations");
        let (mmd2, p) = mmd::test(&encoded, &prior, self.permutations, &mut noise);
        Ok(FIGURES
            .into_iter()
            .zip([mmd2, p])
            .map(|((name, direction), value)| {
                Measurement::new(name, Kind::Estimate, Unit::One, direction, value).with_n(images.len())
            })
            .collect())
    }
}
