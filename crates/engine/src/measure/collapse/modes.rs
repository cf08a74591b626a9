//! Which modes images belong to, and how evenly.

use std::sync::Arc;

use data::{ExactDensity, Split};

use super::Subject;
use crate::RecordError;
use crate::features::{Extractor, FeaturesOf};

/// Of its probability, the share of samples at which a mode counts as covered.
const COVERED: f64 = 0.1;
/// Samples that every mode should have: fewer, and none would say little.
const EXPECTED: f64 = 10.0;
/// Features of the classifier, as many as `fid_proxy` has by default: it is the same one.
const DIM: usize = 32;
/// Training images that the classes' shares are taken from, at most.
const REFERENCE: usize = 5_000;

/// A partition of images into modes.
pub(super) enum Partition {
    /// The true density's own.
    Stated(Arc<dyn ExactDensity>, Vec<f64>),
    /// Classes as a frozen classifier sees them, with their shares of training images.
    Classified(Extractor, Vec<f64>),
}

/// How samples are spread over modes.
#[derive(Clone, Debug)]
pub(super) struct Coverage {
    pub(super) modes: usize,
    pub(super) covered: usize,
    /// KL of the samples' shares to the probabilities, in nats, and the same of real images.
    pub(super) kl: f64,
    pub(super) kl_real: f64,
    /// Whether the modes are the true density's own.
    pub(super) stated: bool,
    by: String,
}

impl Partition {
    /// That of the data; or why there is none.
    pub(super) fn of(subject: &Subject<'_>) -> Result<Result<Self, String>, RecordError> {
        let data = subject.data;
        if let Some(truth) = &data.truth
            && let Some(modes) = truth.modes()
        {
            return Ok(Ok(Self::Stated(truth.clone(), modes.weights())));
        }
        let labelled = data.train.labels.is_some() && data.validation.labels.is_some();
        let Some(classes) = data.shape.classes.filter(|_| labelled) else {
            return Ok(Err("the data have no modes that could be told apart: no labels, no stated ones".to_owned()));
        };
        // As the model sees them: under dynamic binarization the training split itself is grey.
        let train = data.batch(&(0..data.train.len().min(REFERENCE)).collect::<Vec<_>>(), 0);
        let extractor = Extractor::obtain(FeaturesOf::Auto, data, subject.data_sha256, DIM, subject.cache)?;
        let Some(seen) = extractor.classes(&train) else {
            return Ok(Err("there is no classifier of these data".to_owned()));
        };
        let weights = shares(&seen, classes);
        Ok(Ok(Self::Classified(extractor, weights)))
    }

    /// How `fake` and `real`, as many, are spread.
    pub(super) fn coverage(&self, real: &Split, fake: &Split) -> Result<Coverage, String> {
        let weights = self.weights();
        let rarest = weights.iter().copied().filter(|weight| *weight > 0.0).fold(f64::INFINITY, f64::min);
        if rarest * (fake.len() as f64) < EXPECTED {
            let count = weights.len();
            return Err(format!("{} samples are too few for {count} modes: the rarest should have 10", fake.len()));
        }
        let (own, others) = (shares(&self.places(fake), weights.len()), shares(&self.places(real), weights.len()));
        let is_covered = |(share, weight): &(&f64, &f64)| **weight > 0.0 && **share >= COVERED * **weight;
        Ok(Coverage {
            modes: weights.iter().filter(|weight| **weight > 0.0).count(),
            covered: own.iter().zip(weights).filter(is_covered).count(),
            kl: divergence(&own, weights),
            kl_real: divergence(&others, weights),
            stated: matches!(self, Self::Stated(..)),
            by: match self {
                Self::Stated(..) => "the true density's".to_owned(),
                Self::Classified(extractor, _) => format!("classes by {}", extractor.describe()),
            },
        })
    }

    fn weights(&self) -> &[f64] {
        match self {
            Self::Stated(_, weights) | Self::Classified(_, weights) => weights,
        }
    }

    /// The mode of each image.
    fn places(&self, images: &Split) -> Vec<usize> {
        match self {
            Self::Stated(truth, _) => {
                images.images().filter_map(|image| truth.modes().map(|modes| modes.of(image))).collect()
            }
            Self::Classified(extractor, _) => extractor.classes(images).unwrap_or_default(),
        }
    }
}

impl Coverage {
    /// In words.
    pub(super) fn told(&self) -> String {
        format!("samples cover {} of {} modes ({})", self.covered, self.modes, self.by)
    }
}

/// How often each of `count` places stands there, as shares.
fn shares(places: &[usize], count: usize) -> Vec<f64> {
    let mut shares = vec![0.0; count];
    places.iter().for_each(|place| shares[*place] += 1.0 / places.len() as f64);
    shares
}

/// KL(shares || weights); a place of no weight that has a share makes it infinite.
pub(super) fn divergence(shares: &[f64], weights: &[f64]) -> f64 {
    let term = |(share, weight): (&f64, &f64)| if *share > 0.0 { share * (share / weight).ln() } else { 0.0 };
    shares.iter().zip(weights).map(term).sum()
}
