//! The network in plain tensor operations.

use ::nn::ordering::positions;
use ::nn::{sigmoid, uniform};
use burn::module::Param;
use burn::prelude::*;
use data::{DataShape, Noise, Split};
use engine::{Batch, Objective, Scalars, Step};

use super::{Nade, NadeConfig, scan};
use crate::bernoulli::BernoulliLogits;

/// Number of pixels whose hidden states come from one matrix product.
const CHUNK: usize = 32;

impl Nade {
    pub(super) fn new(config: &NadeConfig, data: &DataShape, seed: u64, device: &Device) -> Self {
        let pixels = data.pixels();
        let mut noise = Noise::new(seed, "nade/weights", 0);
        let bound = (6.0 / (pixels + config.hidden) as f32).sqrt();
        Self {
            input: uniform([pixels, config.hidden], bound, &mut noise, device),
            input_bias: Param::from_tensor(Tensor::zeros([config.hidden], device)),
            output: uniform([pixels, config.hidden], bound, &mut noise, device),
            output_bias: Param::from_tensor(Tensor::zeros([pixels], device)),
            ordering: config.ordering.pixels(data, config.ordering_seed),
        }
    }

    /// Log-odds of each pixel given the pixels before it, `[batch, pixels]`, in raster positions.
    pub(super) fn logits(&self, x: Tensor<2>) -> BernoulliLogits {
        let device = x.device();
        let raster = self.ordering.is_sorted();
        let x = if raster { x } else { x.select(1, indices(&self.ordering, &device)) };
        let logits = self.logits_in_order(x);
        BernoulliLogits(if raster { logits } else { logits.select(1, indices(&positions(&self.ordering), &device)) })
    }

    /// Computes [`Self::logits`] for pixels in the order of generation. The hidden states of a chunk come from one
    /// product of the masked pixels with their rows of W.
    fn logits_in_order(&self, x: Tensor<2>) -> Tensor<2> {
        let [batch, pixels] = x.dims();
        let [_, hidden] = self.input.dims();
        let (w, v) = (self.input.val(), self.output.val());
        // The pre-activation a at the start of the chunk.
        let mut before: Tensor<2> = self.input_bias.val().unsqueeze::<2>().expand([batch, hidden]);
        let mut logits = Vec::new();
        for first in (0..pixels).step_by(CHUNK) {
            let count = CHUNK.min(pixels - first);
            let x = x.clone().slice([0..batch, first..first + count]);
            let w = w.clone().slice([first..first + count, 0..hidden]);
            let v = v.clone().slice([first..first + count, 0..hidden]);
            // Pixel d depends on the pixels before it in the chunk: a strictly lower triangle.
            let mask = Tensor::<2>::ones([count, count], &x.device()).tril(-1).unsqueeze::<3>();
            let seen = x.clone().unsqueeze_dim::<3>(1) * mask; // [batch, count, count]
            let within = seen.reshape([batch * count, count]).matmul(w.clone()).reshape([batch, count, hidden]);
            let states = sigmoid(within + before.clone().unsqueeze_dim::<3>(1)); // [batch, count, hidden]
            logits.push((states * v.unsqueeze::<3>()).sum_dim(2).squeeze_dim::<2>(2));
            before = before + x.matmul(w);
        }
        Tensor::cat(logits, 1) + self.output_bias.val().unsqueeze()
    }

    pub(super) fn device(&self) -> Device {
        self.input.val().device()
    }

    pub(super) fn is_on_cpu(&self) -> bool {
        ::nn::is_cpu(&self.device())
    }

    pub(super) fn weights(&self) -> scan::Weights {
        fn read<const D: usize>(parameter: &Param<Tensor<D>>) -> Vec<f32> {
            ::nn::to_host(parameter.val())
        }
        scan::Weights {
            input: read(&self.input),
            input_bias: read(&self.input_bias),
            output: read(&self.output),
            output_bias: read(&self.output_bias),
        }
    }

    /// Returns the pixels of all images in the order of generation.
    pub(super) fn in_order(&self, images: &Split) -> Vec<f32> {
        images.images().flat_map(|image| self.ordering.iter().map(|&pixel| image[pixel])).collect()
    }
}

fn indices(order: &[usize], device: &Device) -> Tensor<1, Int> {
    let order: Vec<i32> = order.iter().map(|index| *index as i32).collect();
    let count = order.len();
    Tensor::from_data(TensorData::new(order, [count]), device)
}

impl Objective for Nade {
    fn loss(&self, batch: &Batch, _at: &Step) -> Scalars {
        let log_density = self.logits(batch.images.clone()).log_prob(batch.images.clone());
        Scalars(vec![("nll", log_density.mean().neg())])
    }
}
