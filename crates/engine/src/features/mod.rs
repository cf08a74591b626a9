//! Frozen feature extractors: a small classifier where there are labels, an autoencoder, random convolutions.

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

/// Raised when the same data come to mean another extractor.
const VERSION: u32 = 1;
const CHUNK: usize = 500;

/// Which network's features images are compared in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FeaturesOf {
    /// The classifier where there are labels, else random convolutions.
    #[default]
    Auto,
    /// A classifier of the data's labels.
    Classifier,
    /// An autoencoder of the images.
    Autoencoder,
    /// Random convolutions, which learned nothing.
    Random,
}

impl FeaturesOf {
    /// Whether such data have such features.
    ///
    /// # Errors
    /// A classifier without labels.
    pub fn check(self, data: &DataShape) -> Result<(), Problem> {
        match (self, data.classes) {
            (Self::Classifier, None) => Err(Problem::new("features", "the images have no labels to classify")
                .help("one of auto, autoencoder, random")),
            _ => Ok(()),
        }
    }
}

enum Network {
    Classifier(Box<Classifier>, f64),
    Autoencoder(Box<Autoencoder>, f64),
    Random(Box<RandomConvolution>),
}

/// A frozen map from images to features, the same for every trial on the same data. It always
/// runs on the CPU backend, so that its features do not depend on the trial's device.
pub struct Extractor {
    network: Network,
    hash: String,
}

impl Extractor {
    /// The extractor for `data`: read from `cache`, or trained (under a file lock) and kept there.
    /// It sees the training split alone, which no reference image is in.
    ///
    /// # Errors
    /// Files that cannot be written or read.
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

    /// What it is, in a few words, with its hash.
    #[must_use]
    pub fn describe(&self) -> String {
        let hash = &self.hash;
        match &self.network {
            Network::Classifier(_, accuracy) => {
                format!("frozen classifier {hash} (validation accuracy {:.1}%)", 100.0 * accuracy)
            }
            Network::Autoencoder(_, explained) => {
                format!("frozen autoencoder {hash} ({:.1}% of the validation pixels' variance)", 100.0 * explained)
            }
            Network::Random(_) => format!("random convolution {hash}"),
        }
    }

    /// The class of each image, as the classifier sees it; `None` where there are no labels.
    #[must_use]
    pub fn classes(&self, images: &Split) -> Option<Vec<usize>> {
        let Network::Classifier(classifier, _) = &self.network else { return None };
        Some(chunks(images).flat_map(|chunk| classifier.guesses(&chunk)).collect())
    }

    /// p(class) of each image, `[image][class]`, as the classifier sees it.
    #[must_use]
    pub fn probabilities(&self, images: &Split) -> Option<Features> {
        let Network::Classifier(classifier, _) = &self.network else { return None };
        Some(forward(images, |x| classifier.log_probabilities(x).exp()))
    }

    /// Features of images, in f64.
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
