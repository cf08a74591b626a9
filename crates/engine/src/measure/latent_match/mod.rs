//! Latent match: comparison of the latents of images with the prior.

mod mmd;
#[cfg(test)]
mod tests;

use data::{DataShape, Dataset, Noise, Split};
use protocol::{Control, ControlKind, Direction, Kind, Measurement, Problem, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::mmd::TwoSample;
use super::{MeasureConfig, MeasureError, Subject};
use crate::{Features, LatentPrior};

/// Two-sample test of the latents of images against the prior, and of two controls with as many rows.
///
/// - `latent_mmd2`: unbiased squared maximum mean discrepancy (MMD) between latents of images and draws from the prior
///   (Gretton et al., 2012, eq. 3). The kernel is the mean of exp(-d^2 / 2 (w m)^2) over w = 1/16, 1/8, 1/4, 1/2
///   and 1, where m is the median distance of the pooled latents. The figure can be negative.
/// - `latent_match_p`: p-value of its permutation test.
/// - `latent_mmd2_prior_95`: 95% quantile of the discrepancy of draws from the prior and other draws from it.
/// - `latent_reached`: 1 if `latent_mmd2` is at most that quantile, else 0.
/// - `latent_mmd2_gaussian` and `latent_match_p_gaussian`: the first two figures with N(0, I) in the place of the latents.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct LatentMatch {
    /// Maximum number of images, and number of draws from the prior, 10 to 5,000.
    #[schemars(range(min = 10, max = 5_000))]
    images: usize,
    /// Number of permutations of the pooled latents, 19 to 100,000. The resolution of the p-value is
    /// 1 / (permutations + 1).
    #[schemars(range(min = 19, max = 100_000))]
    permutations: usize,
    /// Split of the images: test, or validation to choose settings.
    split: LatentSplit,
}

/// Split whose latents are compared with the prior.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum LatentSplit {
    /// Test images.
    #[default]
    Test,
    /// Validation images, to choose settings.
    Validation,
}

impl LatentSplit {
    fn of(self, data: &Dataset) -> &Split {
        match self {
            Self::Test => &data.test,
            Self::Validation => &data.validation,
        }
    }
}

impl Default for LatentMatch {
    fn default() -> Self {
        Self { images: 500, permutations: 499, split: LatentSplit::Test }
    }
}

const FIGURES: [(&str, Direction); 6] = [
    ("latent_mmd2", Direction::Lower),
    ("latent_match_p", Direction::Neither),
    ("latent_mmd2_prior_95", Direction::Neither),
    ("latent_reached", Direction::Higher),
    ("latent_mmd2_gaussian", Direction::Neither),
    ("latent_match_p_gaussian", Direction::Neither),
];

impl MeasureConfig for LatentMatch {
    const NAME: &'static str = "latent_match";
    const ABOUT: &'static str =
        "two-sample test of the latents of images against the prior: MMD with a permutation p-value, and controls";
    // 2: a kernel of several widths, and controls.
    const VERSION: u32 = 2;

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

    fn controls(&self) -> Vec<Control> {
        let gaussian = ["latent_mmd2", "latent_match_p"];
        let gaussian = gaussian.map(|figure| Control::new(figure, ControlKind::Baseline, "gaussian"));
        // Draws from the prior are the latents of a perfect model.
        gaussian.into_iter().chain([Control::new("latent_mmd2", ControlKind::Ceiling, "prior_95")]).collect()
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let absent = |reason: &str| {
            FIGURES
                .map(|(name, direction)| Measurement::absent(name, Kind::Estimate, Unit::One, direction, reason))
                .to_vec()
        };
        let Some(model) = subject.model.latent_prior() else { return Ok(absent("the model has no latent prior")) };
        let images = self.split.of(subject.data).take(self.images);
        if images.len() < 2 {
            return Ok(absent("the test needs two images"));
        }
        let encoded = model.encoded(&images, &mut subject.noise("measure/latent_match/images"));
        let prior = model.prior(images.len(), &mut subject.noise("measure/latent_match/prior"));
        if !(encoded.are_sound() && prior.are_sound()) {
            return Ok(absent("a latent is not finite"));
        }
        let mut noise = subject.noise("measure/latent_match/permutations");
        let latents = mmd::test(&encoded, &prior, self.permutations, &mut noise);
        let mut noise = subject.noise("measure/latent_match/controls");
        let [of_prior, of_gaussian] = self.taken_controls(model, &prior, &mut noise);
        let reached = f64::from(u8::from(latents.mmd2 <= of_prior.quantile_95));
        let values = [latents.mmd2, latents.p, of_prior.quantile_95, reached, of_gaussian.mmd2, of_gaussian.p];
        let figure = |((name, direction), value): ((&str, Direction), f64)| {
            Measurement::new(name, Kind::Estimate, Unit::One, direction, value).with_n(images.len())
        };
        Ok(FIGURES.into_iter().zip(values).map(figure).collect())
    }
}

impl LatentMatch {
    /// Other draws from the prior, and N(0, I), in the place of the latents.
    fn taken_controls(&self, model: &dyn LatentPrior, prior: &Features, noise: &mut Noise) -> [TwoSample; 2] {
        let again = model.prior(prior.rows().len(), noise);
        let gaussian = (0..prior.values.len()).map(|_| noise.normal()).collect();
        let gaussian = Features { values: gaussian, width: prior.width };
        [again, gaussian].map(|control| mmd::test(&control, prior, self.permutations, noise))
    }
}
