//! Decoders with a likelihood as functions of Gaussian noise.

use ::nn::upload;
use burn::prelude::*;
use data::{Noise, Split};
use engine::StochasticDecoder;
use protocol::Support;

use super::{Output, Pixels};
use crate::pushforward::{NoiseDecoder, rows_of};

/// Number of parameters of pixels per chunk, which limits the memory of many grey levels.
const NUMBERS: usize = 8_000_000;

/// Network that decodes Gaussian noise to a distribution of pixels.
pub(crate) trait LikelihoodDecoder: NoiseDecoder {
    /// Distribution of the pixels given eps, `[batch, dims]`, with or without autodiff.
    fn pixels(&self, code: usize, eps: Tensor<2>) -> Pixels;

    /// Output layer.
    fn output(&self) -> &Output;

    /// Number of pixels per image, channels included.
    fn image_len(&self) -> usize;
}

/// Implementation of [`StochasticDecoder`] for a trained network.
pub(crate) struct NetworkDecoder<'a, M> {
    plain: &'a M,
    with_autodiff: M,
}

impl<'a, M: LikelihoodDecoder> NetworkDecoder<'a, M> {
    /// Returns the value of [`engine::GenerativeModel::stochastic_decoder`].
    pub(crate) fn boxed(network: &'a M) -> Option<Box<dyn StochasticDecoder + 'a>> {
        Some(Box::new(Self { plain: network, with_autodiff: network.with_autodiff() }))
    }

    fn rows_at_once(&self) -> usize {
        (NUMBERS / (self.plain.output().width() * self.plain.image_len())).max(1)
    }
}

impl<M: LikelihoodDecoder> StochasticDecoder for NetworkDecoder<'_, M> {
    fn support(&self) -> Support {
        self.plain.output().support()
    }

    fn dims(&self) -> usize {
        self.plain.dims()
    }

    fn codes(&self) -> usize {
        self.plain.codes()
    }

    fn log_likelihood(&self, code: usize, eps: &[f32], images: &Split) -> (Vec<f64>, Vec<f32>) {
        let device = self.plain.weights_device().autodiff();
        let (mut values, mut gradient) = (Vec::with_capacity(images.len()), Vec::with_capacity(eps.len()));
        let all: Vec<usize> = (0..images.len()).collect();
        for (rows, eps) in all.chunks(self.rows_at_once()).zip(eps.chunks(self.rows_at_once() * self.dims())) {
            let eps = rows_of(eps, rows.len(), &device).require_grad();
            let x = upload(&images.select(rows), &device);
            let log_likelihood = self.with_autodiff.pixels(code, eps.clone()).log_prob(x);
            values.extend(::nn::to_host(log_likelihood.clone().detach()).into_iter().map(f64::from));
            let gradients = log_likelihood.sum().backward();
            gradient.extend(::nn::to_host(eps.grad(&gradients).expect("the likelihood depends on eps")));
        }
        (values, gradient)
    }

    fn draw(&self, code: usize, eps: &[f32], noise: &mut Noise) -> Split {
        let (device, image_len) = (self.plain.weights_device(), self.plain.image_len());
        let mut images = Split::new(Vec::new(), image_len);
        for eps in eps.chunks(self.rows_at_once() * self.dims()) {
            let eps = rows_of(eps, eps.len() / self.dims(), &device);
            images.pixels.extend(self.plain.pixels(code, eps).sample(image_len, noise).pixels);
        }
        images
    }
}
