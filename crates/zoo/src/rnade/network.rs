//! Parameters of the mixtures given the pixels, and log-densities.

use ::nn::uniform;
use burn::module::Param;
use burn::prelude::*;
use burn::tensor::activation::relu;
use data::{DataShape, Noise, Split};
use engine::{Batch, Family, Objective, Scalars, Step};
use protocol::Support;

use super::{IMAGES, Rnade, RnadeConfig};

/// Number of pixels whose hidden states come from one matrix product.
const CHUNK: usize = 32;
const HALF_LN_TAU: f64 = 0.918_938_533_204_672_8;

impl Rnade {
    pub(super) fn new(config: &RnadeConfig, data: &DataShape, seed: u64, device: &Device) -> Self {
        let (pixels, hidden, components) = (data.pixels(), config.hidden, config.components);
        let mut noise = Noise::new(seed, "rnade/weights", 0);
        let levels = match data.support {
            Support::Levels(levels) => Some(levels),
            _ => None,
        };
        // The means start at different values, over the range of grey levels or around 0.
        let (first, last) = if levels.is_some() { (0.0, 1.0) } else { (-1.0, 1.0) };
        let width = (last - first) / components as f32;
        let start: Vec<f32> = (0..3 * components)
            .map(|number| match number / components {
                0 => 0.0,
                1 => first + width * ((number - components) as f32 + 0.5),
                _ => width.ln(),
            })
            .collect();
        let bias = start.repeat(pixels);
        Self {
            input: uniform([pixels, hidden], (6.0 / (pixels + hidden) as f32).sqrt(), &mut noise, device),
            input_bias: uniform([hidden], 0.1, &mut noise, device),
            rescale: Param::from_tensor(Tensor::ones([pixels], device)),
            output: uniform([pixels, hidden, 3 * components], (hidden as f32).sqrt().recip(), &mut noise, device),
            output_bias: Param::from_tensor(Tensor::from_data(TensorData::new(bias, [pixels, 3 * components]), device)),
            ordering: config.ordering.pixels(data, config.ordering_seed),
            components,
            levels,
        }
    }

    pub(super) fn family(&self) -> Family {
        Family::Gaussians(self.components as u16)
    }

    pub(super) fn in_order(&self, images: &Split) -> Vec<f32> {
        images.images().flat_map(|image| self.ordering.iter().map(|&pixel| image[pixel])).collect()
    }

    pub(super) fn upload(&self, in_order: Vec<f32>, device: &Device) -> Tensor<2> {
        let pixels = self.ordering.len();
        let images = in_order.len() / pixels;
        Tensor::from_data(TensorData::new(in_order, [images, pixels]), device)
    }

    /// Parameters of every mixture given the pixels before it, `[pixels, batch, 3 K]`, for pixels in the order of
    /// generation.
    pub(super) fn numbers(&self, y: &Tensor<2>) -> Tensor<3> {
        let [batch, pixels] = y.dims();
        let [_, hidden, width] = self.output.dims();
        let mut before: Tensor<2> = self.input_bias.val().unsqueeze::<2>().expand([batch, hidden]);
        let mut numbers = Vec::new();
        for first in (0..pixels).step_by(CHUNK) {
            let count = CHUNK.min(pixels - first);
            let y = y.clone().slice([0..batch, first..first + count]);
            let w = self.input.val().slice([first..first + count, 0..hidden]);
            // Pixel d depends on the pixels before it in the chunk: a strictly lower triangle.
            let mask = Tensor::<2>::ones([count, count], &y.device()).tril(-1).unsqueeze::<3>();
            let seen = y.clone().unsqueeze_dim::<3>(1) * mask; // [batch, count, count]
            let within = seen.reshape([batch * count, count]).matmul(w.clone()).reshape([batch, count, hidden]);
            let rho = self.rescale.val().narrow(0, first, count).reshape([1, count, 1]);
            let states = relu((within + before.clone().unsqueeze_dim::<3>(1)) * rho).swap_dims(0, 1);
            let output = self.output.val().slice([first..first + count, 0..hidden, 0..width]);
            let bias = self.output_bias.val().slice([first..first + count, 0..width]).unsqueeze_dim::<3>(1);
            numbers.push(states.matmul(output) + bias);
            before = before + y.matmul(w);
        }
        Tensor::cat(numbers, 0)
    }

    /// log p(y) of each image in nats, `[batch]`, for pixels in the order of generation.
    fn log_prob(&self, y: Tensor<2>) -> Tensor<1> {
        let [batch, pixels] = y.dims();
        let k = self.components;
        let numbers = self.numbers(&y);
        let part = |index: usize| numbers.clone().slice([0..pixels, 0..batch, index * k..(index + 1) * k]);
        let (weights, means, log_sds) = (part(0), part(1), part(2));
        let y = y.swap_dims(0, 1).unsqueeze_dim::<3>(2);
        let z = (y - means) * log_sds.clone().neg().exp();
        let terms = weights.clone() - z.powi_scalar(2) * 0.5 - log_sds;
        let per_pixel = log_sum_exp_tensor(terms) - log_sum_exp_tensor(weights); // [pixels, batch, 1]
        per_pixel.sum_dim(0).reshape([batch]) - HALF_LN_TAU * pixels as f64
    }

    /// Returns (level + u) / L for images of L levels, in the order of generation.
    fn dequantise(&self, images: &Split, levels: u16, noise: &mut Noise) -> Vec<f32> {
        let count = f32::from(levels);
        let in_order = self.in_order(images);
        let uniforms = noise.uniforms(in_order.len());
        in_order.iter().zip(uniforms).map(|(grey, u)| ((grey * (count - 1.0)).round() + u) / count).collect()
    }

    /// Draws the bound on log P of each image once: log p(y) - n ln L.
    pub(super) fn bound(&self, images: &Split, noise: &mut Noise) -> Vec<f64> {
        let levels = self.levels.expect("only grey levels have a bound");
        let volume = self.ordering.len() as f64 * f64::from(levels).ln();
        let device = self.input.val().device();
        let all: Vec<usize> = (0..images.len()).collect();
        let mut nats = Vec::with_capacity(images.len());
        for chunk in all.chunks(IMAGES) {
            let y = self.upload(self.dequantise(&images.select(chunk), levels, noise), &device);
            nats.extend(::nn::to_host(self.log_prob(y)).into_iter().map(|log_p| f64::from(log_p) - volume));
        }
        nats
    }
}

fn log_sum_exp_tensor(x: Tensor<3>) -> Tensor<3> {
    let largest = x.clone().detach().max_dim(2);
    (x - largest.clone()).exp().sum_dim(2).log() + largest
}

impl Objective for Rnade {
    fn loss(&self, batch: &Batch, at: &Step) -> Scalars {
        let device = batch.images.device();
        let pixels = self.ordering.len() as f64;
        let (name, y, volume) = match self.levels {
            Some(levels) => {
                let y = self.dequantise(&batch.host, levels, &mut at.noise("rnade/dequantise"));
                ("negative_elbo", y, pixels * f64::from(levels).ln())
            }
            None => ("nll", self.in_order(&batch.host), 0.0),
        };
        let log_density = self.log_prob(self.upload(y, &device));
        Scalars(vec![(name, log_density.mean().neg() + volume)])
    }
}
