//! Convolutions over `[batch, rows, columns, channels]`.

mod convolution;
mod reads;
mod tape;
#[cfg(test)]
mod tests;
mod tiles;
mod weight_gradient;

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, Flex, backend_extension};
use burn::prelude::*;
use burn_flex::FlexTensor;

use crate::Windows;

/// Operations of the backend, with the channels in the last dimension.
#[backend_extension(Flex, Autodiff)]
trait ConvOps: Backend {
    /// Convolution of `[batch, rows, columns, channels]` with weights `[tap x channel, channel out]` and a bias
    /// `[channel out]`, then an activation.
    fn windows_product(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        windows: Windows,
        negative_slope: f32,
    ) -> FloatTensor<Self>;

    /// Transposed convolution of `[batch, rows, columns, channels]` with weights `[channel, tap x channel out]` and a
    /// bias `[channel out]` to a grid of `sides`, then an activation.
    fn windows_sum(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        windows: Windows,
        sides: [usize; 2],
        negative_slope: f32,
    ) -> FloatTensor<Self>;
}

impl ConvOps for Flex {
    fn windows_product(
        x: FlexTensor,
        weight: FlexTensor,
        bias: FlexTensor,
        windows: Windows,
        negative_slope: f32,
    ) -> FlexTensor {
        convolution::product(&x, &weight, &bias, windows, negative_slope)
    }

    fn windows_sum(
        x: FlexTensor,
        weight: FlexTensor,
        bias: FlexTensor,
        windows: Windows,
        sides: [usize; 2],
        negative_slope: f32,
    ) -> FlexTensor {
        convolution::sum(&x, &weight, &bias, windows, sides, negative_slope)
    }
}

/// Convolution with a bias and an activation: `[batch, rows, columns, channels in]` to
/// `[batch, rows out, columns out, channels out]`.
///
/// `weight` is `[tap x channel in, channel out]` with taps in raster order, `bias` is `[channel out]`. Each output
/// position reads one window of the input. Positions outside of the input count as 0.
///
/// ```
/// use burn::prelude::*;
/// use ::nn::{Windows, fused::convolution};
///
/// let device = Device::flex();
/// // Sums over 2x2 windows, 2 apart.
/// let windows = Windows { kernel: 2, stride: 2, padding: 0 };
/// let x = Tensor::<1>::from_floats([1.0, 2.0, 3.0, 4.0], &device).reshape([1, 2, 2, 1]);
/// let (weight, bias) = (Tensor::<2>::ones([4, 1], &device), Tensor::<1>::zeros([1], &device));
/// let y = convolution(x, weight, bias, windows, 1.0);
/// assert_eq!(y.dims(), [1, 1, 1, 1]);
/// assert_eq!(::nn::to_host(y), [10.0]);
/// ```
///
/// # Panics
/// If the tensors are not on the CPU, or their shapes do not match.
#[must_use]
pub fn convolution(
    x: Tensor<4>,
    weight: Tensor<2>,
    bias: Tensor<1>,
    windows: Windows,
    negative_slope: f32,
) -> Tensor<4> {
    let [x, weight, bias] = [x.into_dispatch(), weight.into_dispatch(), bias.into_dispatch()];
    Tensor::from_dispatch(Dispatch::windows_product(x, weight, bias, windows, negative_slope))
}

/// Transposed convolution with a bias and an activation: each input position is added to one window of a grid of
/// `sides` (rows, columns).
///
/// `weight` is `[channel in, tap x channel out]` with taps in raster order, `bias` is `[channel out]`; the result is
/// `[batch, sides, channels out]`.
///
/// ```
/// use burn::prelude::*;
/// use ::nn::{Windows, fused::transposed_convolution};
///
/// let device = Device::flex();
/// // One position becomes a square of 2x2.
/// let windows = Windows { kernel: 2, stride: 2, padding: 0 };
/// let x = Tensor::<4>::ones([1, 1, 1, 1], &device) * 3.0;
/// let weight = Tensor::<2>::from_floats([[1.0, 2.0, 3.0, 4.0]], &device);
/// let y = transposed_convolution(x, weight, Tensor::zeros([1], &device), windows, [2, 2], 1.0);
/// assert_eq!(::nn::to_host(y), [3.0, 6.0, 9.0, 12.0]);
/// ```
///
/// # Panics
/// If the tensors are not on the CPU, or their shapes do not match, or the stride is larger than the kernel.
#[must_use]
pub fn transposed_convolution(
    x: Tensor<4>,
    weight: Tensor<2>,
    bias: Tensor<1>,
    windows: Windows,
    sides: [usize; 2],
    negative_slope: f32,
) -> Tensor<4> {
    let [x, weight, bias] = [x.into_dispatch(), weight.into_dispatch(), bias.into_dispatch()];
    Tensor::from_dispatch(Dispatch::windows_sum(x, weight, bias, windows, sides, negative_slope))
}
