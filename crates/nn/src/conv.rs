//! Convolutions and transposed convolutions over `[batch, rows, columns, channels]`.
//!
//! On the CPU both use [`crate::fused`], because Burn's operations spend most of their time outside of matrix products,
//! mainly in the backward pass. Other devices use Burn's operations.

use burn::module::{Module, Param};
use burn::prelude::*;
use burn::tensor::module::{conv_transpose2d, conv2d};
use burn::tensor::ops::{ConvOptions, ConvTransposeOptions};
use data::Noise;

use crate::{Activation, Windows, fused, is_cpu, uniform};

/// Bound of initial weights (Glorot and Bengio, 2010, eq. 16), from the fan-in and the fan-out.
fn bound(fan_in: usize, fan_out: usize) -> f32 {
    (6.0 / (fan_in + fan_out) as f32).sqrt()
}

fn zeros(channels: usize, device: &Device) -> Option<Param<Tensor<1>>> {
    Some(Param::from_tensor(Tensor::zeros([channels], device)))
}

/// Adds the optional bias to every position.
fn shifted(x: Tensor<4>, bias: Option<Tensor<1>>) -> Tensor<4> {
    match bias {
        Some(bias) => x + bias.unsqueeze(),
        None => x,
    }
}

/// Converts images to channels last: `[batch, channels x rows x columns]` to `[batch, rows, columns, channels]`.
///
/// # Panics
/// If an image does not have `channels x height x width` numbers.
#[must_use]
pub fn to_channels_last(images: Tensor<2>, [channels, height, width]: [usize; 3]) -> Tensor<4> {
    let [batch, _] = images.dims();
    images.reshape([batch, channels, height, width]).permute([0, 2, 3, 1])
}

/// Converts channels-last images back, the inverse of [`to_channels_last`]: `[batch, rows, columns, channels]` to
/// `[batch, channels x rows x columns]`.
#[must_use]
pub fn to_images(x: Tensor<4>) -> Tensor<2> {
    let [batch, height, width, channels] = x.dims();
    x.permute([0, 3, 1, 2]).reshape([batch, channels * height * width])
}

/// Convolution that keeps the size of an image, or divides it by the stride (rounded up).
///
/// ```
/// use burn::prelude::*;
/// use ::nn::{Activation, Conv, Noise};
///
/// let device = Device::flex();
/// let conv = Conv::new([3, 8], 4, 2, &mut Noise::new(0, "example", 0), &device);
/// let x = Tensor::<4>::ones([2, 6, 6, 3], &device);
/// assert_eq!(conv.forward_then(x, Activation::Relu).dims(), [2, 3, 3, 8]);
/// ```
#[derive(Module, Debug)]
pub struct Conv {
    /// `[tap x channel in, channel out]`, taps in raster order.
    weight: Param<Tensor<2>>,
    bias: Option<Param<Tensor<1>>>,
    #[module(skip)]
    windows: Windows,
}

impl Conv {
    /// Layer of `[channels in, channels out]` with random weights and a bias of 0. The kernel is a square of side
    /// `kernel`; the stride is from 1 to `kernel`.
    #[must_use]
    pub fn new([from, to]: [usize; 2], kernel: usize, stride: usize, noise: &mut Noise, device: &Device) -> Self {
        let area = kernel * kernel;
        let bound = bound(from * area, to * area / (stride * stride));
        Self {
            weight: uniform([area * from, to], bound, noise, device),
            bias: zeros(to, device),
            windows: Windows { kernel, stride, padding: (kernel - stride).div_ceil(2) },
        }
    }

    /// Removes the bias, for layers followed by a normalisation, which subtracts it.
    #[must_use]
    pub fn without_bias(self) -> Self {
        Self { bias: None, ..self }
    }

    /// Device of the weights.
    #[must_use]
    pub fn device(&self) -> Device {
        self.weight.val().device()
    }

    /// Weights, `[tap x channel in, channel out]`, with taps in raster order.
    #[must_use]
    pub fn weight(&self) -> Tensor<2> {
        self.weight.val()
    }

    /// Applies the layer: `[batch, rows, columns, channels in]` to `[batch, rows out, columns out, channels out]`.
    #[must_use]
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        self.forward_then(x, Activation::Identity)
    }

    /// Applies the layer as [`Self::forward`], then an activation.
    #[must_use]
    pub fn forward_then(&self, x: Tensor<4>, activation: Activation) -> Tensor<4> {
        self.forward_with(x, self.weight.val(), activation)
    }

    /// Applies the layer as [`Self::forward_then`], with other weights of the same shape.
    #[must_use]
    pub fn forward_with(&self, x: Tensor<4>, weight: Tensor<2>, activation: Activation) -> Tensor<4> {
        let Windows { kernel, stride, padding } = self.windows;
        let ([batch, height, width, from], [_, to]) = (x.dims(), weight.dims());
        if kernel > 1 && is_cpu(&x.device()) {
            let bias = self.bias.as_ref().map_or_else(|| Tensor::zeros([to], &x.device()), Param::val);
            return fused::convolution(x, weight, bias, self.windows, activation.negative_slope());
        }
        let product = if kernel == 1 {
            x.reshape([batch * height * width, from]).matmul(weight).reshape([batch, height, width, to])
        } else {
            let kernels = weight.reshape([kernel, kernel, from, to]).permute([3, 2, 0, 1]);
            let options = ConvOptions::new([stride; 2], [padding; 2], [1, 1], 1);
            conv2d(x.permute([0, 3, 1, 2]), kernels, None, options).permute([0, 2, 3, 1])
        };
        activation.apply(shifted(product, self.bias.as_ref().map(Param::val)))
    }
}

/// Transposed convolution that multiplies the size of an image by the stride.
///
/// ```
/// use burn::prelude::*;
/// use ::nn::{Activation, Deconv, Noise};
///
/// let device = Device::flex();
/// let deconv = Deconv::new([8, 3], 4, 2, &mut Noise::new(0, "example", 0), &device);
/// let x = Tensor::<4>::ones([2, 3, 3, 8], &device);
/// assert_eq!(deconv.forward(x).dims(), [2, 6, 6, 3]);
/// ```
#[derive(Module, Debug)]
pub struct Deconv {
    /// `[channel in, tap x channel out]`, taps in raster order.
    weight: Param<Tensor<2>>,
    bias: Option<Param<Tensor<1>>>,
    #[module(skip)]
    windows: Windows,
}

impl Deconv {
    /// Layer of `[channels in, channels out]` with random weights and a bias of 0. The kernel is a square of side
    /// `kernel`; the stride is from 1 to `kernel`.
    #[must_use]
    pub fn new([from, to]: [usize; 2], kernel: usize, stride: usize, noise: &mut Noise, device: &Device) -> Self {
        let area = kernel * kernel;
        let bound = bound(from * area / (stride * stride), to * area);
        Self {
            weight: uniform([from, area * to], bound, noise, device),
            bias: zeros(to, device),
            windows: Windows { kernel, stride, padding: (kernel - stride) / 2 },
        }
    }

    /// Removes the bias, for layers followed by a normalisation, which subtracts it.
    #[must_use]
    pub fn without_bias(self) -> Self {
        Self { bias: None, ..self }
    }

    /// Weights, `[channel in, tap x channel out]`, with taps in raster order.
    #[must_use]
    pub fn weight(&self) -> Tensor<2> {
        self.weight.val()
    }

    /// Applies the layer: `[batch, rows, columns, channels in]` to `[batch, stride x rows, stride x columns, channels
    /// out]`.
    #[must_use]
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        self.forward_then(x, Activation::Identity)
    }

    /// Applies the layer as [`Self::forward`], then an activation.
    #[must_use]
    pub fn forward_then(&self, x: Tensor<4>, activation: Activation) -> Tensor<4> {
        self.forward_with(x, self.weight.val(), self.bias.as_ref().map(Param::val), activation)
    }

    /// Applies the layer as [`Self::forward`], then a factor and an offset per channel, `[channels]`, then an
    /// activation.
    ///
    /// Factor and offset become part of the weights and the bias, at no cost per position.
    pub(crate) fn forward_scaled(
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
        if is_cpu(&x.device()) {
            let sides = [height, width].map(|side| (side - 1) * stride + kernel - 2 * padding);
            let bias = bias.unwrap_or_else(|| Tensor::zeros([to], &x.device()));
            return fused::transposed_convolution(x, weight, bias, self.windows, sides, activation.negative_slope());
        }
        let kernels = weight.reshape([from, kernel, kernel, to]).permute([0, 3, 1, 2]);
        let options = ConvTransposeOptions::new([stride; 2], [padding; 2], [0, 0], [1, 1], 1);
        let sums = conv_transpose2d(x.permute([0, 3, 1, 2]), kernels, None, options).permute([0, 2, 3, 1]);
        activation.apply(shifted(sums, bias))
    }
}
