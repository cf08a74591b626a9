//! Convolutions whose initial weights come from the host's stream.

use burn::module::{Module, Param};
use burn::prelude::*;
use burn::tensor::module::{conv_transpose2d, conv2d};
use burn::tensor::ops::{ConvOptions, ConvTransposeOptions};
use data::Noise;
use engine::uniform;

/// The bound of Glorot and Bengio, 2010, eq. 16, where a number meets `fan_in` and `fan_out` others.
fn bound(fan_in: usize, fan_out: usize) -> f32 {
    (6.0 / (fan_in + fan_out) as f32).sqrt()
}

/// A convolution that keeps the size, or divides it by its stride.
#[derive(Module, Debug)]
pub(crate) struct Conv {
    weight: Param<Tensor<4>>,
    bias: Param<Tensor<1>>,
    #[module(skip)]
    stride: usize,
}

impl Conv {
    /// `[channels in, channels out]`, a square kernel of `kernel` pixels, moved by `stride`.
    pub(crate) fn new(
        [from, to]: [usize; 2],
        kernel: usize,
        stride: usize,
        noise: &mut Noise,
        device: &Device,
    ) -> Self {
        let area = kernel * kernel;
        Self {
            weight: uniform(
                [to, from, kernel, kernel],
                bound(from * area, to * area / (stride * stride)),
                noise,
                device,
            ),
            bias: Param::from_tensor(Tensor::zeros([to], device)),
            stride,
        }
    }

    pub(crate) fn device(&self) -> Device {
        self.weight.val().device()
    }

    /// `[batch, channels, height, width]`.
    pub(crate) fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let pad = (self.weight.dims()[2] - self.stride).div_ceil(2);
        let options = ConvOptions::new([self.stride; 2], [pad; 2], [1, 1], 1);
        conv2d(x, self.weight.val(), Some(self.bias.val()), options)
    }
}

/// A transposed convolution that multiplies the size by its stride.
#[derive(Module, Debug)]
pub(crate) struct Deconv {
    weight: Param<Tensor<4>>,
    bias: Param<Tensor<1>>,
    #[module(skip)]
    stride: usize,
}

impl Deconv {
    /// `[channels in, channels out]`, a square kernel of `kernel` pixels, moved by `stride`.
    pub(crate) fn new(
        [from, to]: [usize; 2],
        kernel: usize,
        stride: usize,
        noise: &mut Noise,
        device: &Device,
    ) -> Self {
        let area = kernel * kernel;
        Self {
            weight: uniform(
                [from, to, kernel, kernel],
                bound(from * area / (stride * stride), to * area),
                noise,
                device,
            ),
            bias: Param::from_tensor(Tensor::zeros([to], device)),
            stride,
        }
    }

    /// `[batch, channels, height, width]`.
    pub(crate) fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let pad = (self.weight.dims()[2] - self.stride) / 2;
        let options = ConvTransposeOptions::new([self.stride; 2], [pad; 2], [0, 0], [1, 1], 1);
        conv_transpose2d(x, self.weight.val(), Some(self.bias.val()), options)
    }
}
