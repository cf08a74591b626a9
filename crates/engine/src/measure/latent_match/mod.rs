//! Latent match: whether images' latents follow the prior that samples start from.

mod mmd;

use data::DataShape;
use protocol::{Direction, Kind, Measurement, Problem, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MeasureConfig, MeasureError, Subject};

/// `latent_mmd2`: the unbiased squared maximum mean discrepancy between latents of test images and
/// draws from the prior, with the kernel exp(-d^2 / 2 m^2), m the median distance of the pooled
/// latents (Gretton et al., 2012, eq. 3), and `latent_match_p`, the permutation p-value.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct LatentMatch {
    /// At most this many test images, and as many draws from the prior.
    images: usize,
    /// Random relabellings of the pooled latents.
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
        "a two-sample test of images' latents against the prior: MMD with a permutation p-value";

    fn check(&self, _data: &DataShape) -> Result<(), Problem> {
        if !(10..=5_000).contains(&self.images) {
            return Err(Problem::new("images", format!("{} is out of range", self.images)).help("between 10 and 5000"));
        }
        if !(19..=100_000).contains(&self.permutations) {
            return Err(Problem::new("permutations", format!("{} is out of range", self.permutations))
                .help("between 19 and 100000; 499 tells p-values apart to 0.002"));
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
            return Ok(absent("a test needs two images"));
        }
        let encoded = model.encoded(&images, &mut subject.noise("measure/latent_match/images"));
        let prior = model.prior(images.len(), &mut subject.noise("measure/latent_match/prior"));
        if !(encoded.are_sound() && prior.are_sound()) {
            return Ok(absent("a latent is not a finite number"));
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
