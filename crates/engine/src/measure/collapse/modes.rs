//! Coverage of modes by samples.

use std::sync::Arc;

use data::{ExactDensity, Split};

use crate::RecordError;
use crate::features::{Extractor, FeaturesOf};
use crate::measure::Subject;

/// Share of samples, as a multiple of its probability, from which a mode is covered.
const COVERED: f64 = 0.1;
/// Least expected number of samples per mode; with fewer, a mode without samples is not evidence.
const EXPECTED: f64 = 10.0;
/// Number of features of the classifier: the default of `fid_proxy`, so that both use one classifier.
const DIM: usize = 32;
/// Maximum number of training images that determine the shares of classes.
const REFERENCE: usize = 5_000;

/// Partition of images into modes.
pub(in crate::measure) enum Partition {
    /// Modes of the true density, with their probabilities.
    Stated(Arc<dyn ExactDensity>, Vec<f64>),
    /// Classes by a frozen classifier, with their shares of training images.
    Classified(Extractor, Vec<f64>),
}

/// Distribution of samples over modes.
#[derive(Clone, Debug)]
pub(super) struct Coverage {
    pub(super) modes: usize,
    pub(super) covered: usize,
    /// KL divergence of the shares of samples from the probabilities, in nats.
    pub(super) kl: f64,
    /// The same for real images.
    pub(super) kl_real: f64,
    /// `true` if the modes are those of the true density.
    pub(super) stated: bool,
    source: String,
}

impl Partition {
    /// Partition of the data; the inner error is the reason why there is none.
    pub(in crate::measure) fn of(subject: &Subject<'_>) -> Result<Result<Self, String>, RecordError> {
        let data = subject.data;
        if let Some(truth) = &data.truth
            && let Some(modes) = truth.modes()
        {
            return Ok(Ok(Self::Stated(truth.clone(), modes.weights())));
        }
        let labelled = data.train.labels.is_some() && data.validation.labels.is_some();
        let Some(classes) = data.shape.classes.filter(|_| labelled) else {
            return Ok(Err("the modes of the data are unknown: no labels, and no true density with modes".to_owned()));
        };
        // The images of a training step: with dynamic binarization the training split itself is grey.
        let train = data.batch(&(0..data.train.len().min(REFERENCE)).collect::<Vec<_>>(), 0);
        let extractor = Extractor::obtain(FeaturesOf::Auto, data, subject.data_sha256, DIM, subject.cache)?;
        let Some(found) = extractor.classes(&train) else {
            return Ok(Err("the data have no classifier".to_owned()));
        };
        let weights = shares(&found, classes);
        Ok(Ok(Self::Classified(extractor, weights)))
    }

    /// Coverage of modes by `fake` and by `real`, which have the same number of images.
    pub(super) fn coverage(&self, real: &Split, fake: &Split) -> Result<Coverage, String> {
        let weights = self.weights();
        let rarest = weights.iter().copied().filter(|weight| *weight > 0.0).fold(f64::INFINITY, f64::min);
        if rarest * (fake.len() as f64) < EXPECTED {
            let count = weights.len();
            return Err(format!("{} samples are too few for {count} modes: the rarest mode needs 10", fake.len()));
        }
        let (own, others) = (shares(&self.modes_of(fake), weights.len()), shares(&self.modes_of(real), weights.len()));
        let is_covered = |(share, weight): &(&f64, &f64)| **weight > 0.0 && **share >= COVERED * **weight;
        Ok(Coverage {
            modes: weights.iter().filter(|weight| **weight > 0.0).count(),
            covered: own.iter().zip(weights).filter(is_covered).count(),
            kl: divergence(&own, weights),
            kl_real: divergence(&others, weights),
            stated: matches!(self, Self::Stated(..)),
            source: match self {
                Self::Stated(..) => "of the true density".to_owned(),
                Self::Classified(extractor, _) => format!("classes by a {}", extractor.describe()),
            },
        })
    }

    /// Number of modes.
    pub(in crate::measure) fn count(&self) -> usize {
        self.weights().len()
    }

    fn weights(&self) -> &[f64] {
        match self {
            Self::Stated(_, weights) | Self::Classified(_, weights) => weights,
        }
    }

    /// Mode of each image.
    pub(in crate::measure) fn modes_of(&self, images: &Split) -> Vec<usize> {
        match self {
            Self::Stated(truth, _) => {
                images.images().filter_map(|image| truth.modes().map(|modes| modes.of(image))).collect()
            }
            Self::Classified(extractor, _) => extractor.classes(images).unwrap_or_default(),
        }
    }
}

impl Coverage {
    /// Description for remarks.
    pub(super) fn describe(&self) -> String {
        format!("samples cover {} of {} modes ({})", self.covered, self.modes, self.source)
    }
}

/// Share of each of `count` modes in a list of modes.
fn shares(modes: &[usize], count: usize) -> Vec<f64> {
    let mut shares = vec![0.0; count];
    modes.iter().for_each(|mode| shares[*mode] += 1.0 / modes.len() as f64);
    shares
}

/// KL(shares || weights) in nats; infinite if a mode of weight 0 has a share.
pub(super) fn divergence(shares: &[f64], weights: &[f64]) -> f64 {
    let term = |(share, weight): (&f64, &f64)| if *share > 0.0 { share * (share / weight).ln() } else { 0.0 };
    shares.iter().zip(weights).map(term).sum()
}
