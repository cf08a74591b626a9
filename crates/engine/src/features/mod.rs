//! Frozen feature extractors: a classifier for labelled data, an autoencoder, or random convolutions.

mod autoencoder;
mod classifier;
mod learned;
mod random;

use std::path::Path;

use ::nn::upload;
use burn::prelude::*;
use data::{DataShape, Dataset, Split};
use protocol::{Problem, trial::digest};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use self::autoencoder::Autoencoder;
use self::classifier::Classifier;
use self::learned::Learned;
use self::random::RandomConvolution;
use crate::{Features, RecordError};

/// Version of the extractors. Increase it when the same data give a different extractor.
const VERSION: u32 = 1;
const CHUNK: usize = 500;

/// Frozen network whose features represent an image in a comparison.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FeaturesOf {
    /// Classifier if the data have labels, else random convolutions.
    #[default]
    Auto,
    /// Classifier of the labels. The data must have labels.
    Classifier,
    /// Autoencoder of the images.
    Autoencoder,
    /// Random convolutions, untrained.
    Random,
}

impl FeaturesOf {
    /// Checks that data of this shape have these features.
    ///
    /// # Errors
    /// `classifier` is selected and the data have no labels.
    pub fn check(self, data: &DataShape) -> Result<(), Problem> {
        match (self, data.classes) {
            (Self::Classifier, None) => {
                Err(Problem::new("features", "a classifier needs labels, and the data have none")
                    .help("use auto, autoencoder or random"))
            }
            _ => Ok(()),
        }
    }
}

enum Network {
    Classifier(Box<Classifier>, f64),
    Autoencoder(Box<Autoencoder>, f64),
    Random(Box<RandomConvolution>),
}

/// Frozen network that maps images to features, the same for every trial on the same data.
///
/// It runs on the CPU backend, so that features do not depend on the device of the trial.
pub struct Extractor {
    network: Network,
    hash: String,
}

impl Extractor {
    /// Extractor with `dim` features for `data`: loaded from `cache`, or trained under a file lock and saved there.
    ///
    /// Training uses the training split only.
    ///
    /// # Errors
    /// A file in `cache` cannot be written or read.
    pub fn obtain(
        which: FeaturesOf,
        data: &Dataset,
        data_sha256: &str,
        dim: usize,
        cache: &Path,
    ) -> Result<Self, RecordError> {
        let classes = data.shape.classes.filter(|_| data.train.labels.is_some()).unwrap_or(0);
        let which = match which {
            FeaturesOf::Auto | FeaturesOf::Classifier if classes > 0 => FeaturesOf::Classifier,
            FeaturesOf::Autoencoder => FeaturesOf::Autoencoder,
            _ => FeaturesOf::Random,
        };
        let hash = |kind: Value| {
            let identity = json!({"extractor": VERSION, "labelled": kind, "data": data_sha256, "dim": dim});
            digest(&identity)[..12].to_owned()
        };
        let (hash, network) = match which {
            FeaturesOf::Classifier => {
                let hash = hash(json!(true));
                let (network, accuracy) =
                    learned::obtain(|to| Classifier::new(data, classes, dim, to), data, &cache.join(&hash))?;
                (hash, Network::Classifier(Box::new(network), accuracy))
            }
            FeaturesOf::Autoencoder => {
                let hash = hash(json!("autoencoder"));
                let (network, explained) =
                    learned::obtain(|to| Autoencoder::new(data, dim, to), data, &cache.join(&hash))?;
                (hash, Network::Autoencoder(Box::new(network), explained))
            }
            _ => (hash(json!(false)), Network::Random(Box::new(RandomConvolution::new(data, dim)))),
        };
        Ok(Self { network, hash })
    }

    /// Short description of the network with its hash and its validation score.
    #[must_use]
    pub fn describe(&self) -> String {
        let hash = &self.hash;
        match &self.network {
            Network::Classifier(_, accuracy) => {
                format!("frozen classifier {hash} (validation accuracy {:.1}%)", 100.0 * accuracy)
            }
            Network::Autoencoder(_, explained) => {
                format!(
                    "frozen autoencoder {hash} (explains {:.1}% of the variance of validation pixels)",
                    100.0 * explained
                )
            }
            Network::Random(_) => format!("random convolution {hash}"),
        }
    }

    /// Class that the classifier assigns to each image; `None` if the extractor is not a classifier.
    #[must_use]
    pub fn classes(&self, images: &Split) -> Option<Vec<usize>> {
        let Network::Classifier(classifier, _) = &self.network else { return None };
        Some(chunks(images).flat_map(|chunk| classifier.guesses(&chunk)).collect())
    }

    /// Class probabilities of the classifier, `[image][class]`; `None` if the extractor is not a classifier.
    #[must_use]
    pub fn probabilities(&self, images: &Split) -> Option<Features> {
        let Network::Classifier(classifier, _) = &self.network else { return None };
        Some(forward(images, |x| classifier.log_probabilities(x).exp()))
    }

    /// Features of images in f64, `[image][feature]`.
    #[must_use]
    pub fn features(&self, images: &Split) -> Features {
        match &self.network {
            Network::Classifier(network, _) => forward(images, |x| network.features(x)),
            Network::Autoencoder(network, _) => forward(images, |x| network.features(x)),
            Network::Random(network) => forward(images, |x| network.features(x)),
        }
    }
}

fn chunks(images: &Split) -> impl Iterator<Item = Split> {
    let all: Vec<usize> = (0..images.len()).collect();
    let chunks: Vec<Split> = all.chunks(CHUNK).map(|chunk| images.select(chunk)).collect();
    chunks.into_iter()
}

fn forward(images: &Split, network: impl Fn(Tensor<2>) -> Tensor<2>) -> Features {
    let mut features = Features::default();
    for chunk in chunks(images) {
        let rows = network(upload(&chunk, &Device::flex()));
        features.width = rows.dims()[1];
        features.values.extend(::nn::to_host(rows).into_iter().map(f64::from));
    }
    features
}
