//! Detection scores of images, from their log-densities.

use data::{Noise, Split};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{DensityBound, ExplicitDensity};

/// Resolution of scores in nats: closer scores are ties, because smaller differences are rounding errors of f32.
const RESOLUTION: f64 = 1e-3;

/// Detection score; out-of-distribution images are expected to have lower scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Score {
    /// Log-density: log p(x).
    LogDensity,
    /// Likelihood ratio: log p(x) minus the log-density of independent pixels.
    Ratio,
    /// Typicality: -|log p(x) - mean of log p over validation images|.
    Typicality,
    /// Complexity: log p(x) plus the length of the image's PNG in nats.
    Complexity,
}

impl Score {
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::LogDensity => "",
            Self::Ratio => "_ratio",
            Self::Typicality => "_typicality",
            Self::Complexity => "_complexity",
        }
    }
}

/// Log-density of a model, exact or by a lower bound with a number of importance samples.
pub(super) enum LogDensity<'a> {
    Density(&'a dyn ExplicitDensity),
    Bound(&'a dyn DensityBound, usize),
}

impl LogDensity<'_> {
    pub(super) fn nats(&self, images: &Split, noise: &mut Noise) -> Vec<f64> {
        match *self {
            Self::Density(density) => density.log_density(images),
            Self::Bound(bound, 1) => bound.elbo(images, noise).iter().map(|elbo| elbo.nats()).collect(),
            Self::Bound(bound, k) => bound.iwae(images, k, noise),
        }
    }

    pub(super) fn remark(&self) -> Option<String> {
        match self {
            Self::Density(_) => None,
            Self::Bound(_, 1) => Some("scored by the ELBO, a lower bound on log p".to_owned()),
            Self::Bound(_, k) => {
                Some(format!("scored by the importance-weighted bound with {k} samples, not by log p"))
            }
        }
    }
}

/// Log-densities of images under the model and the background, and lengths of their PNGs, in nats.
pub(super) struct ImageTerms {
    pub(super) nats: Vec<f64>,
    pub(super) background: Vec<f64>,
    pub(super) png: Vec<f64>,
}

impl ImageTerms {
    /// Scores in multiples of [`RESOLUTION`]. `centre` is the mean of log p over validation images.
    pub(super) fn scores(&self, score: Score, centre: f64) -> Vec<f64> {
        let value = |image: usize| {
            let nats = self.nats[image];
            match score {
                Score::LogDensity => nats,
                Score::Ratio => nats - self.background[image],
                Score::Typicality => -(nats - centre).abs(),
                Score::Complexity => nats + self.png[image],
            }
        };
        (0..self.nats.len()).map(|image| (value(image) / RESOLUTION).round()).collect()
    }
}
