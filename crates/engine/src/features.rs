//! Frozen feature extractors: a small classifier where there are labels, else random convolutions.

use std::fs::{self, File};
use std::path::Path;

use burn::module::Module;
use burn::prelude::*;
use burn::tensor::activation::{log_softmax, relu};
use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;
use data::{Dataset, Noise, Split};
use protocol::{atomic, trial::digest};
use serde_json::json;

use crate::weights::{load_module, save_module, upload};
use crate::{Dense, RecordError, descend};

/// Raised when the same data come to mean another extractor.
const VERSION: u32 = 1;
const HIDDEN: usize = 128;
const EPOCHS: u64 = 30;
const BATCH: usize = 64;
const CHUNK: usize = 500;

/// pixels -> 128 -> features -> classes, ReLU between. The features are taken before their ReLU,
/// so that they are near Gaussian and none is stuck at 0.
#[derive(Module, Debug)]
struct Classifier {
    hidden: Dense,
    features: Dense,
    classes: Dense,
}

impl Classifier {
    fn features(&self, x: Tensor<2>) -> Tensor<2> {
        self.features.forward(relu(self.hidden.forward(x)))
    }

    fn log_probabilities(&self, x: Tensor<2>) -> Tensor<2> {
        log_softmax(self.classes.forward(relu(self.features(x))), 1)
    }
}

/// Two layers of fixed random 3x3 filters with ReLU, then a fixed random projection.
struct RandomConvolution {
    shape: [usize; 3],
    first: Tensor<4>,
    second: Tensor<4>,
    projection: Tensor<2>,
}

enum Network {
    Classifier(Box<Classifier>, f64),
    RandomConvolution(Box<RandomConvolution>),
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
    pub fn obtain(data: &Dataset, data_sha256: &str, dim: usize, cache: &Path) -> Result<Self, RecordError> {
        let labelled = data.train.labels.is_some();
        let identity = json!({"extractor": VERSION, "labelled": labelled, "data": data_sha256, "dim": dim});
        let hash = digest(&identity)[..12].to_owned();
        let network = match data.shape.classes {
            Some(classes) if labelled => {
                let (classifier, accuracy) = classifier(data, classes, dim, &cache.join(&hash))?;
                Network::Classifier(Box::new(classifier), accuracy)
            }
            _ => Network::RandomConvolution(Box::new(random_convolution(data, dim))),
        };
        Ok(Self { network, hash })
    }

    /// What it is, in a few words, with its hash.
    #[must_use]
    pub fn describe(&self) -> String {
        match &self.network {
            Network::Classifier(_, accuracy) => {
                format!("frozen classifier {} (validation accuracy {:.1}%)", self.hash, 100.0 * accuracy)
            }
            Network::RandomConvolution(_) => format!("random convolution {}", self.hash),
        }
    }

    /// The class of each image, as the classifier sees it; `None` where there are no labels.
    #[must_use]
    pub fn classes(&self, images: &Split) -> Option<Vec<usize>> {
        let Network::Classifier(classifier, _) = &self.network else { return None };
        let all: Vec<usize> = (0..images.len()).collect();
        let guess = |chunk: &[usize]| guesses(classifier, &images.select(chunk));
        Some(all.chunks(CHUNK).flat_map(guess).collect())
    }

    /// Features of images, row after row, in f64.
    #[must_use]
    pub fn features(&self, images: &Split) -> Vec<f64> {
        let device = Device::flex();
        let all: Vec<usize> = (0..images.len()).collect();
        all.chunks(CHUNK)
            .flat_map(|chunk| {
                let x = upload(&images.select(chunk), &device);
                let features = match &self.network {
                    Network::Classifier(classifier, _) => classifier.features(x),
                    Network::RandomConvolution(network) => network.features(x),
                };
                features.into_data().iter::<f32>().map(f64::from).collect::<Vec<_>>()
            })
            .collect()
    }
}

/// Loads or trains the classifier; with its accuracy on the validation split.
fn classifier(data: &Dataset, classes: usize, dim: usize, folder: &Path) -> Result<(Classifier, f64), RecordError> {
    let io = |error| RecordError::new(folder, error);
    fs::create_dir_all(folder).map_err(io)?;
    let lock = File::create(folder.join("lock")).map_err(io)?;
    lock.lock().map_err(io)?;
    let device = Device::flex().autodiff();
    let mut noise = Noise::new(0, "extractor/weights", 0);
    let mut model = Classifier {
        hidden: Dense::new(data.train.image_len, HIDDEN, &mut noise, &device),
        features: Dense::new(HIDDEN, dim, &mut noise, &device),
        classes: Dense::new(dim, classes, &mut noise, &device),
    };
    let known = folder.join("extractor.json");
    if known.exists() {
        model = load_module(model, folder, "classifier")?;
        let accuracy: f64 = atomic::read_json(&known).map_err(io)?;
        return Ok((model.valid(), accuracy));
    }
    let _span = tracing::info_span!("extractor").entered();
    let mut optimiser = crate::adam(0.9);
    let per_epoch = (data.train.len() / BATCH).max(1);
    for epoch in 0..EPOCHS {
        let order = Noise::new(0, "extractor/batches", epoch).permutation(data.train.len());
        for (place, indices) in order.chunks(BATCH).take(per_epoch).enumerate() {
            let step = epoch * per_epoch as u64 + place as u64;
            let batch = data.batch(indices, step);
            let target = one_hot(&batch, classes, &device);
            let log_probabilities = model.log_probabilities(upload(&batch, &device));
            let loss = (log_probabilities * target).sum().neg() / indices.len() as f64;
            let lr = 1e-3 * (1.0 - step as f64 / (EPOCHS * per_epoch as u64) as f64);
            model = descend(&mut optimiser, lr, model, loss);
        }
        crate::trace::progress("extractor", epoch + 1, EPOCHS);
    }
    let model = model.valid();
    let accuracy = accuracy(&model, &data.validation);
    tracing::info!(name: "extractor_trained", accuracy, n = data.validation.len());
    save_module(&model, folder, "classifier")?;
    atomic::write_json(&known, &accuracy).map_err(io)?;
    Ok((model, accuracy))
}

fn one_hot(batch: &Split, classes: usize, device: &Device) -> Tensor<2> {
    let mut rows = vec![0.0f32; batch.len() * classes];
    for (row, label) in batch.labels.iter().flatten().enumerate() {
        rows[row * classes + usize::from(*label)] = 1.0;
    }
    Tensor::from_data(TensorData::new(rows, [batch.len(), classes]), device)
}

fn accuracy(model: &Classifier, split: &Split) -> f64 {
    let labels = split.labels.iter().flatten().map(|label| usize::from(*label));
    let right = guesses(model, split).into_iter().zip(labels).filter(|(guess, label)| guess == label).count();
    right as f64 / split.len().max(1) as f64
}

fn guesses(model: &Classifier, images: &Split) -> Vec<usize> {
    let guesses = model.log_probabilities(upload(images, &Device::flex())).argmax(1);
    guesses.into_data().iter::<i64>().map(|guess| guess as usize).collect()
}

fn random_convolution(data: &Dataset, dim: usize) -> RandomConvolution {
    const MAPS: usize = 16;
    let device = Device::flex();
    let shape = [data.shape.channels, data.shape.height, data.shape.width];
    let mut noise = Noise::new(0, "extractor/random", 0);
    let mut filters = |out: usize, inputs: usize| {
        let scale = (2.0 / (inputs as f32 * 9.0)).sqrt();
        let values: Vec<f32> = noise.normals(out * inputs * 9).into_iter().map(|z| z * scale).collect();
        Tensor::<4>::from_data(TensorData::new(values, [out, inputs, 3, 3]), &device)
    };
    let (first, second) = (filters(MAPS, shape[0]), filters(MAPS, MAPS));
    let flat = MAPS * shape[1].div_ceil(2) * shape[2].div_ceil(2);
    let scale = (1.0 / flat as f32).sqrt();
    let projection: Vec<f32> = noise.normals(flat * dim).into_iter().map(|z| z * scale).collect();
    let projection = Tensor::from_data(TensorData::new(projection, [flat, dim]), &device);
    RandomConvolution { shape, first, second, projection }
}

impl RandomConvolution {
    fn features(&self, x: Tensor<2>) -> Tensor<2> {
        let [images, _] = x.dims();
        let x = x.reshape([images, self.shape[0], self.shape[1], self.shape[2]]);
        let x = relu(conv2d(x, self.first.clone(), None, ConvOptions::new([1, 1], [1, 1], [1, 1], 1)));
        let x = relu(conv2d(x, self.second.clone(), None, ConvOptions::new([2, 2], [1, 1], [1, 1], 1)));
        x.flatten::<2>(1, 3).matmul(self.projection.clone())
    }
}
