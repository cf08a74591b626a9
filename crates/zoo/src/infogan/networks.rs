//! Generator G, and the networks on images: discriminator D and code reader Q, which share their layers.

use std::f64::consts::TAU;

use ::nn::{Activation, Dense};
use burn::module::Module;
use burn::prelude::*;
use burn::tensor::activation::log_softmax;
use data::{DataShape, Noise};
use engine::{CodeShape, Codes};

use super::bodies::{DiscriminatorBody, GeneratorBody};
use super::config::InfoGanConfig;
use crate::pushforward::{NoiseDecoder, NoiseGenerator, uniform};

/// Lower bound of the log-variances of Q: no number is read more precisely than 1 in 150.
const LOG_VARIANCE: (f64, f64) = (-10.0, 4.0);

/// Generator.
#[derive(Module, Debug)]
pub(crate) struct Generator {
    body: GeneratorBody,
    #[module(skip)]
    latent: usize,
    #[module(skip)]
    code: CodeShape,
    #[module(skip)]
    weights_device: Device,
}

impl Generator {
    pub(crate) fn new(config: &InfoGanConfig, data: &DataShape, noise: &mut Noise, device: &Device) -> Self {
        let code = config.code();
        let inputs = config.latent + code.categories + code.continuous;
        let body = GeneratorBody::new(config, inputs, data, noise, device);
        Self { body, latent: config.latent, code, weights_device: device.clone().inner() }
    }

    /// Shape of the code.
    pub(super) fn code(&self) -> CodeShape {
        self.code
    }

    /// Images of codes, `[batch, pixels]` in `[0, 1]`, with z drawn from `noise`.
    pub(super) fn forward(&self, codes: &Codes, noise: &mut Noise, device: &Device) -> Tensor<2> {
        let count = codes.categories.len();
        let z = Tensor::from_data(TensorData::new(noise.normals(count * self.latent), [count, self.latent]), device);
        let inputs = [Some(z), self.categories(codes, device), self.continuous(codes, device)];
        self.body.forward(Tensor::cat(inputs.into_iter().flatten().collect(), 1))
    }

    /// One-hot categories of the codes, `[batch, categories]`.
    pub(super) fn categories(&self, codes: &Codes, device: &Device) -> Option<Tensor<2>> {
        let (count, categories) = (codes.categories.len(), self.code().categories);
        let mut rows = vec![0.0f32; count * categories];
        if categories > 0 {
            codes.categories.iter().enumerate().for_each(|(row, category)| rows[row * categories + category] = 1.0);
        }
        (categories > 0).then(|| Tensor::from_data(TensorData::new(rows, [count, categories]), device))
    }

    /// Continuous numbers of the codes, `[batch, numbers]`.
    pub(super) fn continuous(&self, codes: &Codes, device: &Device) -> Option<Tensor<2>> {
        let values: Vec<f32> = codes.continuous.values.iter().map(|value| *value as f32).collect();
        let shape = [codes.categories.len(), self.code().continuous];
        (shape[1] > 0).then(|| Tensor::from_data(TensorData::new(values, shape), device))
    }
}

/// z and the continuous numbers are functions of Gaussian noise; the category is the code.
impl NoiseDecoder for Generator {
    fn dims(&self) -> usize {
        self.latent + self.code.continuous
    }

    fn codes(&self) -> usize {
        self.code.categories.max(1)
    }

    fn weights_device(&self) -> Device {
        self.weights_device.clone()
    }

    fn with_autodiff(&self) -> Self {
        let with_autodiff = self.clone().train().no_grad();
        Self { body: with_autodiff.body.fixed(), ..with_autodiff }
    }
}

impl NoiseGenerator for Generator {
    fn image(&self, code: usize, eps: Tensor<2>) -> Tensor<2> {
        let ([batch, _], device) = (eps.dims(), eps.device());
        let codes = Codes { categories: vec![code; batch], ..Codes::default() };
        let z = eps.clone().narrow(1, 0, self.latent);
        let numbers = self.code.continuous;
        let continuous = (numbers > 0).then(|| uniform(eps.narrow(1, self.latent, numbers)));
        let inputs = [Some(z), self.categories(&codes, &device), continuous];
        self.body.forward(Tensor::cat(inputs.into_iter().flatten().collect(), 1))
    }
}

/// Discriminator D and code reader Q on a shared body.
#[derive(Module, Debug)]
pub(crate) struct Observer {
    body: DiscriminatorBody,
    score: Dense,
    reader: Dense,
    categories: Option<Dense>,
    /// Layer that returns means, then log-variances.
    continuous: Option<Dense>,
    #[module(skip)]
    pub(super) device: Device,
}

/// Posterior of the code given images, as computed by Q.
pub(super) struct Reading {
    /// Log-probabilities of the categories, `[batch, categories]`.
    pub(super) log_categories: Option<Tensor<2>>,
    /// Means and log-variances of the continuous numbers, `[batch, numbers]` each.
    pub(super) continuous: Option<[Tensor<2>; 2]>,
}

impl Observer {
    pub(crate) fn new(config: &InfoGanConfig, data: &DataShape, noise: &mut Noise, device: &Device) -> Self {
        let (body, width) = DiscriminatorBody::new(config, data, noise, device);
        let mut head = |outputs: usize| Dense::new(width, outputs, noise, device);
        let CodeShape { categories, continuous } = config.code();
        Self {
            body,
            score: head(1),
            reader: head(width),
            categories: (categories > 0).then(|| head(categories)),
            continuous: (continuous > 0).then(|| head(2 * continuous)),
            device: device.clone().inner(),
        }
    }

    /// Features of images that all heads share, `[batch, features]`, with dropout in training.
    pub(super) fn features(&self, x: Tensor<2>, noise: Option<&mut Noise>) -> Tensor<2> {
        self.body.forward(x, noise)
    }

    /// Score of D: log-odds of being data, `[batch, 1]`.
    pub(super) fn score(&self, features: Tensor<2>) -> Tensor<2> {
        self.score.forward(features)
    }

    /// Posterior of the code by Q.
    pub(super) fn read(&self, features: Tensor<2>) -> Reading {
        let seen = self.reader.forward_then(features, Activation::Leaky(0.2));
        let log_categories = self.categories.as_ref().map(|head| log_softmax(head.forward(seen.clone()), 1));
        let continuous = self.continuous.as_ref().map(|head| {
            let both = head.forward(seen);
            let [batch, width] = both.dims();
            let (low, high) = LOG_VARIANCE;
            let log_variances = both.clone().slice([0..batch, width / 2..width]).clamp(low, high);
            [both.slice([0..batch, 0..width / 2]), log_variances]
        });
        Reading { log_categories, continuous }
    }
}

impl Reading {
    /// Means of -log Q over images, in nats: of the categories, and of the continuous numbers under a Gaussian.
    pub(super) fn surprise(self, generator: &Generator, codes: &Codes, device: &Device) -> [Option<Tensor<1>>; 2] {
        let of_categories = self.log_categories.zip(generator.categories(codes, device));
        let of_numbers = self.continuous.zip(generator.continuous(codes, device));
        [
            of_categories.map(|(log, one_hot)| (log * one_hot).sum_dim(1).mean().neg()),
            of_numbers.map(|([means, log_variances], values)| {
                let squares = (values - means).powi_scalar(2) * log_variances.clone().neg().exp();
                ((squares + log_variances + TAU.ln()) * 0.5).sum_dim(1).mean()
            }),
        ]
    }
}

#[cfg(test)]
mod tests {
    use engine::ModelConfig;

    use super::*;
    use crate::test_shape::{centres_pixels, shape};

    #[test]
    fn discriminator_and_code_reader_see_centred_pixels() {
        let data = shape(1, 8, 8);
        for config in InfoGanConfig::tiny() {
            let observer = Observer::new(&config, &data, &mut Noise::new(0, "test", 0), &Device::flex());
            assert!(centres_pixels(|x| observer.features(x, None), &data), "{config:?}");
        }
    }
}
