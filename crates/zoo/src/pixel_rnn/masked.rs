//! Masked linear layer: a 1x1 convolution, or a convolution over gathered neighbours.

use ::nn::uniform;
use burn::module::{Module, Param};
use burn::prelude::*;
use data::Noise;

/// Linear layer x (W * mask) + b over the rows of x.
#[derive(Module, Debug)]
pub(super) struct Masked {
    /// Weights before the mask, `[inputs, outputs]`.
    pub(super) weight: Param<Tensor<2>>,
    /// Bias, `[outputs]`.
    pub(super) bias: Param<Tensor<1>>,
    /// Constant mask: 1 for a connection, 0 for none.
    pub(super) mask: Tensor<2>,
    #[module(skip)]
    free: u64,
}

impl Masked {
    /// Draws weights from U(-a, a) with a = sqrt(6 / (inputs + outputs)) (Glorot and Bengio, 2010, eq. 16). The mask is
    /// `connected(input, output)`.
    pub(super) fn new(
        [inputs, outputs]: [usize; 2],
        bias: Vec<f32>,
        connected: impl Fn(usize, usize) -> bool,
        noise: &mut Noise,
        device: &Device,
    ) -> Self {
        let bound = (6.0 / (inputs + outputs) as f32).sqrt();
        let mask: Vec<f32> = (0..inputs * outputs)
            .map(|index| f32::from(u8::from(connected(index / outputs, index % outputs))))
            .collect();
        Self {
            free: mask.iter().filter(|connected| **connected > 0.0).count() as u64 + outputs as u64,
            weight: uniform([inputs, outputs], bound, noise, device),
            bias: Param::from_tensor(Tensor::from_data(TensorData::new(bias, [outputs]), device)),
            mask: Tensor::from_data(TensorData::new(mask, [inputs, outputs]), device),
        }
    }

    /// Number of weights that the mask keeps, plus the biases.
    pub(super) fn free(&self) -> u64 {
        self.free
    }

    /// Returns the masked weights.
    pub(super) fn kernel(&self) -> Tensor<2> {
        self.weight.val() * self.mask.clone()
    }

    /// Applies the layer, `[rows, inputs]` to `[rows, outputs]`.
    pub(super) fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        x.matmul(self.kernel()) + self.bias.val().unsqueeze()
    }
}
