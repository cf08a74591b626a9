//! A 1x1 convolution, or one over gathered neighbours, in which a mask takes weights away.

use ::nn::uniform;
use burn::module::{Module, Param};
use burn::prelude::*;
use data::Noise;

/// x (W * mask) + b over the rows of x.
#[derive(Module, Debug)]
pub(super) struct Masked {
    /// `[inputs, outputs]`.
    pub(super) weight: Param<Tensor<2>>,
    /// `[outputs]`.
    pub(super) bias: Param<Tensor<1>>,
    /// 1 where there is a connection; a constant.
    pub(super) mask: Tensor<2>,
    #[module(skip)]
    free: u64,
}

impl Masked {
    /// Weights from U(-a, a), a = sqrt(6 / (inputs + outputs)) (Glorot and Bengio, 2010, eq. 16);
    /// `connected(input, output)` says which there are.
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

    /// Parameters that are connected to something.
    pub(super) fn free(&self) -> u64 {
        self.free
    }

    /// The weights with the mask applied.
    pub(super) fn kernel(&self) -> Tensor<2> {
        self.weight.val() * self.mask.clone()
    }

    /// `[rows, inputs]` to `[rows, outputs]`.
    pub(super) fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        x.matmul(self.kernel()) + self.bias.val().unsqueeze()
    }
}
