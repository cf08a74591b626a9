//! Convolutions and their transposes, over `[batch, rows, columns, maps]`.
//!
//! On the CPU both are [`super::fused`]'s: Burn's own spend most of their time outside their products,
//! above all going back. Elsewhere they are Burn's own.

use burn::module::{Module, Param};
use burn::prelude::*;
use burn::tensor::module::{conv_transpose2d, conv2d};
use burn::tensor::ops::{ConvOptions, ConvTransposeOptions};
use data::Noise;
use engine::{Activation, uniform};

use super::fused;
use super::windows::Windows;

/// The bound of Glorot and Bengio, 2010, eq. 16, where a number meets `fan_in` and `fan_out` others.
fn bound(fan_in: usize, fan_out: usize) -> f32 {
    (6.0 / (fan_in + fan_out) as f32).sqrt()
}

fn zeros(maps: usize, device: &Device) -> Option<Param<Tensor<1>>> {
    Some(Param::from_tensor(Tensor::zeros([maps], device)))
}

/// Adds the bias, if there is one, to every place.
fn shifted(x: Tensor<4>, bias: Option<Tensor<1>>) -> Tensor<4> {
    match bias {
        Some(bias) => x + bias.unsqueeze(),
        None => x,
    }
}

/// Images as feature maps: `[batch, channels x rows x columns]` to `[batch, rows, columns, channels]`.
pub(crate) fn to_maps(images: Tensor<2>, [channels, height, width]: [usize; 3]) -> Tensor<4> {
    let [batch, _] = images.dims();
    images.reshape([batch, channels, height, width]).permute([0, 2, 3, 1])
}

/// Feature maps as images, all of the first map before the second.
pub(crate) fn to_images(maps: Tensor<4>) -> Tensor<2> {
    let [batch, height, width, channels] = maps.dims();
    maps.permute([0, 3, 1, 2]).reshape([batch, channels * height * width])
}

/// A convolution that keeps the size, or divides it by its stride.
#[derive(Module, Debug)]
pub(crate) struct Conv {
    /// `[tap x map in, map out]`, taps in raster order.
    weight: Param<Tensor<2>>,
    bias: Option<Param<Tensor<1>>>,
    #[module(skip)]
    windows: Windows,
}

impl Conv {
    /// `[maps in, maps out]`, a square kernel of `kernel` places, moved by `stride`.
    pub(crate) fn new(
        [from, to]: [usize; 2],
        kernel: usize,
        stride: usize,
        noise: &mut Noise,
        device: &Device,
    ) -> Self {
        let area = kernel * kernel;
        let bound = bound(from * area, to * area / (stride * stride));
        Self {
            weight: uniform([area * from, to], bound, noise, device),
            bias: zeros(to, device),
            windows: Windows { kernel, stride, padding: (kernel - stride).div_ceil(2) },
        }
    }

    /// The same without a bias, which a normalisation after it would take away again.
    pub(crate) fn without_bias(self) -> Self {
        Self { bias: None, ..self }
    }

    pub(crate) fn device(&self) -> Device {
        self.weight.val().device()
    }

    pub(super) fn weight(&self) -> Tensor<2> {
        self.weight.val()
    }

    /// `[batch, rows, columns, maps]`.
    pub(crate) fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        self.forward_then(x, Activation::Identity)
    }

    /// With an activation after it.
    pub(crate) fn forward_then(&self, x: Tensor<4>, activation: Activation) -> Tensor<4> {
        self.forward_with(x, self.weight.val(), activation)
    }

    /// With other weights of the same shape.
    pub(super) fn forward_with(&self, x: Tensor<4>, weight: Tensor<2>, activation: Activation) -> Tensor<4> {
        let Windows { kernel, stride, padding } = self.windows;
        let ([batch, height, width, from], [_, to]) = (x.dims(), weight.dims());
        if kernel > 1 && engine::fused::apply_to(&x) {
            let bias = self.bias.as_ref().map_or_else(|| Tensor::zeros([to], &x.device()), Param::val);
            return fused::windows_product(x, weight, bias, self.windows, activation.slope());
        }
        let product = if kernel == 1 {
            x.reshape([batch * height * width, from]).matmul(weight).reshape([batch, height, width, to])
        } else {
            let kernels = weight.reshape([kernel, kernel, from, to]).permute([3, 2, 0, 1]);
            let options = ConvOptions::new([stride; 2], [padding; 2], [1, 1], 1);
            conv2d(x.permute([0, 3, 1, 2]), kernels, None, options).permute([0, 2, 3, 1])
        };
        activation.of(shifted(product, self.bias.as_ref().map(Param::val)))
    }
}

/// A transposed convolution that multiplies the size by its stride.
#[derive(Module, Debug)]
pub(crate) struct Deconv {
    /// `[map in, tap x map out]`, taps in raster order.
    weight: Param<Tensor<2>>,
    bias: Option<Param<Tensor<1>>>,
    #[module(skip)]
    windows: Windows,
}

impl Deconv {
    /// `[maps in, maps out]`, a square kernel of `kernel` places, moved by `stride`.
    pub(crate) fn new(
        [from, to]: [usize; 2],
        kernel: usize,
        stride: usize,
        noise: &mut Noise,
        device: &Device,
    ) -> Self {
        let area = kernel * kernel;
        let bound = bound(from * area / (stride * stride), to * area);
        Self {
            weight: uniform([from, area * to], bound, noise, device),
            bias: zeros(to, device),
            windows: Windows { kernel, stride, padding: (kernel - stride) / 2 },
        }
    }

    /// The same without a bias, which a normalisation after it would take away again.
    pub(crate) fn without_bias(self) -> Self {
        Self { bias: None, ..self }
    }

    #[cfg(test)]
    pub(super) fn weight(&self) -> Tensor<2> {
        self.weight.val()
    }

    /// `[batch, rows, columns, maps]`.
    pub(crate) fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        self.forward_then(x, Activation::Identity)
    }

    /// With an activation after it.
    pub(crate) fn forward_then(&self, x: Tensor<4>, activation: Activation) -> Tensor<4> {
        self.forward_with(x, self.weight.val(), self.bias.as_ref().map(Param::val), activation)
    }

    /// Every map of the result times its factor and moved by its offset, `[maps]`, then an activation: the weights and
    /// the bias take these up, which costs nothing per place.
    pub(super) fn forward_scaled(
        &self,
        x: Tensor<4>,
        factor: Tensor<1>,
        offset: Tensor<1>,
        activation: Activation,
    ) -> Tensor<4> {
        let bias = match &self.bias {
            Some(bias) => bias.val() * factor.clone() + offset,
            None => offset,
        };
        let weight = self.weight.val() * factor.repeat(&[self.windows.area()]).unsqueeze();
        self.forward_with(x, weight, Some(bias), activation)
    }

    fn forward_with(
        &self,
        x: Tensor<4>,
        weight: Tensor<2>,
        bias: Option<Tensor<1>>,
        activation: Activation,
    ) -> Tensor<4> {
        let Windows { kernel, stride, padding } = self.windows;
        let ([_, height, width, _], [from, numbers]) = (x.dims(), weight.dims());
        let to = numbers / self.windows.area();
        if engine::fused::apply_to(&x) {
            let sides = [height, width].map(|side| (side - 1) * stride + kernel - 2 * padding);
            let bias = bias.unwrap_or_else(|| Tensor::zeros([to], &x.device()));
            return fused::windows_sum(x, weight, bias, self.windows, sides, activation.slope());
        }
        let kernels = weight.reshape([from, kernel, kernel, to]).permute([0, 3, 1, 2]);
        let options = ConvTransposeOptions::new([stride; 2], [padding; 2], [0, 0], [1, 1], 1);
        let sums = conv_transpose2d(x.permute([0, 3, 1, 2]), kernels, None, options).permute([0, 2, 3, 1]);
        activation.of(shifted(sums, bias))
    }
}
