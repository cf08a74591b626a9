//! Features of a small classifier: its last hidden layer.

use ::nn::{Activation, Dense, upload};
use burn::module::Module;
use burn::prelude::*;
use burn::tensor::activation::{log_softmax, relu};
use data::{Dataset, Noise, Split};

use super::learned::Learned;

const HIDDEN: usize = 128;

/// Classifier with layers pixels -> 128 -> features -> classes and ReLUs between them.
///
/// Features are the values before the ReLU, so that they are nearly Gaussian and never constant at 0.
#[derive(Module, Debug)]
pub(super) struct Classifier {
    hidden: Dense,
    features: Dense,
    classes: Dense,
}

impl Classifier {
    pub(super) fn new(data: &Dataset, classes: usize, dim: usize, device: &Device) -> Self {
        let mut noise = Noise::new(0, "extractor/weights", 0);
        Self {
            hidden: Dense::new(data.train.image_len, HIDDEN, &mut noise, device),
            features: Dense::new(HIDDEN, dim, &mut noise, device),
            classes: Dense::new(dim, classes, &mut noise, device),
        }
    }

    pub(super) fn log_probabilities(&self, x: Tensor<2>) -> Tensor<2> {
        log_softmax(self.classes.forward(relu(self.features(x))), 1)
    }

    /// Most likely class of each image.
    pub(super) fn guesses(&self, images: &Split) -> Vec<usize> {
        let guesses = self.log_probabilities(upload(images, &Device::flex())).argmax(1);
        guesses.into_data().iter::<i64>().map(|guess| guess as usize).collect()
    }
}

impl Learned for Classifier {
    const FILE: &'static str = "classifier";

    fn features(&self, x: Tensor<2>) -> Tensor<2> {
        self.features.forward(self.hidden.forward_then(x, Activation::Relu))
    }

    fn loss(&self, batch: &Split, device: &Device) -> Tensor<1> {
        let log_probabilities = self.log_probabilities(upload(batch, device));
        let [_, classes] = log_probabilities.dims();
        (log_probabilities * one_hot(batch, classes, device)).sum().neg() / batch.len() as f64
    }

    /// Classification accuracy, 0 to 1.
    fn score(&self, images: &Split) -> f64 {
        let labels = images.labels.iter().flatten().map(|label| usize::from(*label));
        let right = self.guesses(images).into_iter().zip(labels).filter(|(guess, label)| guess == label).count();
        right as f64 / images.len().max(1) as f64
    }
}

fn one_hot(batch: &Split, classes: usize, device: &Device) -> Tensor<2> {
    let mut rows = vec![0.0f32; batch.len() * classes];
    for (row, label) in batch.labels.iter().flatten().enumerate() {
        rows[row * classes + usize::from(*label)] = 1.0;
    }
    Tensor::from_data(TensorData::new(rows, [batch.len(), classes]), device)
}
