//! Features of a small autoencoder: learned features for data without labels.

use ::nn::{Activation, Dense, upload};
use burn::module::Module;
use burn::prelude::*;
use data::{Dataset, Noise, Split};

use super::learned::Learned;

const HIDDEN: usize = 128;

/// Autoencoder with layers pixels -> 128 -> features -> 128 -> pixels, and a ReLU after each layer of 128 channels.
#[derive(Module, Debug)]
pub(super) struct Autoencoder {
    hidden: Dense,
    features: Dense,
    back: Dense,
    pixels: Dense,
}

impl Autoencoder {
    pub(super) fn new(data: &Dataset, dim: usize, device: &Device) -> Self {
        let mut noise = Noise::new(0, "extractor/autoencoder", 0);
        let pixels = data.train.image_len;
        Self {
            hidden: Dense::new(pixels, HIDDEN, &mut noise, device),
            features: Dense::new(HIDDEN, dim, &mut noise, device),
            back: Dense::new(dim, HIDDEN, &mut noise, device),
            pixels: Dense::new(HIDDEN, pixels, &mut noise, device),
        }
    }
}

impl Learned for Autoencoder {
    const FILE: &'static str = "autoencoder";

    fn features(&self, x: Tensor<2>) -> Tensor<2> {
        self.features.forward(self.hidden.forward_then(x, Activation::Relu))
    }

    /// Mean squared error per image, summed over pixels.
    fn loss(&self, batch: &Split, device: &Device) -> Tensor<1> {
        let x = upload(batch, device);
        let reconstruction = self.pixels.forward(self.back.forward_then(self.features(x.clone()), Activation::Relu));
        (reconstruction - x).square().sum() / batch.len() as f64
    }

    /// Share of the pixel variance that the reconstruction explains.
    fn score(&self, images: &Split) -> f64 {
        let count = images.len().max(1) as f64;
        let error: f64 = self.loss(images, &Device::flex()).into_data().iter::<f32>().map(f64::from).sum();
        let mut mean = vec![0.0; images.image_len];
        let of = |image: &[f32]| image.iter().map(|pixel| f64::from(*pixel)).collect::<Vec<_>>();
        images.images().for_each(|image| mean.iter_mut().zip(of(image)).for_each(|(sum, pixel)| *sum += pixel / count));
        let spread =
            |image: &[f32]| of(image).iter().zip(&mean).map(|(pixel, mean)| (pixel - mean).powi(2)).sum::<f64>();
        let variance = images.images().map(spread).sum::<f64>() / count;
        if variance > 0.0 { 1.0 - error / variance } else { 1.0 }
    }
}
